// What happens at the table, in words: for the line on the felt and for whoever listens instead of looking.

import { cardName, coins } from "imperio/core/format.js";
import { totalText, value } from "imperio/blackjack/hands.js";

export const ACTIONS = {
  hit: "Hit", stand: "Stand", double: "Double", split: "Split", surrender: "Surrender", insurance: "Insurance", decline_insurance: "No insurance",
};
export const VERDICTS = { won: "Won", lost: "Lost", push: "Push", natural: "Blackjack", bust: "Bust", surrendered: "Given up" };

const list = (words) => (words.length > 1 ? `${words.slice(0, -1).join(", ")} or ${words.at(-1)}` : words.join(""));
const spoken = (hand) => totalText(hand.cards, hand.status !== "playing" && hand.status !== "waiting").replace("/", " or ");

// The question that the round asks now.
export function question({ outcome }) {
  if (outcome.legal_actions.includes("decline_insurance")) return "The dealer shows an ace. Insurance?";
  return outcome.hands.length > 1 ? `Your move on hand ${outcome.active_hand + 1}` : "Your move";
}

// The state of an open round: the active hand, the dealer's card, what may be done.
export function situation(round) {
  const { hands, active_hand: active, dealer, legal_actions: legal } = round.outcome;
  const hand = hands[active];
  const name = hands.length > 1 ? `Hand ${active + 1} of ${hands.length}` : "You have";
  const cards = hand.cards.map(cardName).join(", ");
  return `${name}: ${cards}, ${spoken(hand)}. Dealer shows ${cardName(dealer.cards[0])}. ${list(legal.map((action) => ACTIONS[action]))}?`;
}

function handResult({ cards, total, status }, dealer) {
  const dealerNatural = dealer.cards.length === 2 && value(dealer.cards).total === 21;
  switch (status) {
    case "natural":
      return "blackjack";
    case "bust":
      return `${total}, bust`;
    case "surrendered":
      return `given up with ${total}, half comes back`;
    case "push":
      return `${total} each, push`;
    case "won":
      return dealer.total > 21 ? `${total}, the dealer is bust with ${dealer.total}, won` : `${total} against ${dealer.total}, won`;
    default:
      return dealerNatural && cards.length ? `${total} against the dealer's blackjack, lost` : `${total} against ${dealer.total}, lost`;
  }
}

// What a settled round brought, in one sentence.
export function brought({ stake, payout, net }) {
  if (net > 0) return `You win ${coins(net)} coins.`;
  if (net === 0) return `A push: your stake of ${coins(stake)} coins is back.`;
  if (payout) return `${coins(payout)} of ${coins(stake)} coins come back.`;
  return `The stake of ${coins(stake)} coins is lost.`;
}

// The whole result, hand by hand.
export function result(round) {
  const { hands, dealer, insurance } = round.outcome;
  const told = hands.map((hand, i) => `${hands.length > 1 ? `Hand ${i + 1}` : "You"}: ${handResult(hand, dealer)}.`);
  if (insurance) told.push(insurance.payout ? `Insurance pays ${coins(insurance.payout)}.` : "The insurance is lost.");
  return [...told, brought(round)].join(" ");
}
