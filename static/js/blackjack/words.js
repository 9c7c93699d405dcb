// What happens at the table, in words: for the line on the felt and for whoever listens instead of looking.

import { cardName, coins } from "imperio/core/format.js";
import { _, ngettext } from "imperio/core/i18n.js";
import { totalText, value } from "imperio/blackjack/hands.js";

export const ACTIONS = {
  hit: _("Hit"), stand: _("Stand"), double: _("Double"), split: _("Split"), surrender: _("Surrender"), insurance: _("Insurance"),
  decline_insurance: _("No insurance"),
};
export const VERDICTS = {
  won: _("Won"), lost: _("Lost"), push: _("Push"), natural: _("Blackjack"), bust: _("Bust"), surrendered: _("Given up"),
};

const either = new Intl.ListFormat(document.documentElement.lang, { type: "disjunction" });
const spoken = (hand) => totalText(hand.cards, hand.status !== "playing" && hand.status !== "waiting").replace("/", ` ${_("or")} `);

// The question that the round asks now.
export function question({ outcome }) {
  if (outcome.legal_actions.includes("decline_insurance")) return _("The dealer shows an ace. Insurance?");
  return outcome.hands.length > 1 ? _("Your move on hand %(number)s", { number: outcome.active_hand + 1 }) : _("Your move");
}

// The state of an open round: the active hand, the dealer's card, what may be done.
export function situation(round) {
  const { hands, active_hand: active, dealer, legal_actions: legal } = round.outcome;
  const hand = hands[active];
  const name = hands.length > 1 ? _("Hand %(number)s of %(count)s", { number: active + 1, count: hands.length }) : _("You have");
  const cards = hand.cards.map(cardName).join(", ");
  const shown = _("Dealer shows %(card)s.", { card: cardName(dealer.cards[0]) });
  return `${name}: ${cards}, ${spoken(hand)}. ${shown} ${either.format(legal.map((action) => ACTIONS[action]))}?`;
}

function handResult({ cards, total, status }, dealer) {
  const dealerNatural = dealer.cards.length === 2 && value(dealer.cards).total === 21;
  switch (status) {
    case "natural":
      return _("blackjack");
    case "bust":
      return _("%(total)s, bust", { total });
    case "surrendered":
      return _("given up with %(total)s, half comes back", { total });
    case "push":
      return _("%(total)s each, push", { total });
    case "won":
      return dealer.total > 21
        ? _("%(total)s, the dealer is bust with %(dealer)s, won", { total, dealer: dealer.total })
        : _("%(total)s against %(dealer)s, won", { total, dealer: dealer.total });
    default:
      return dealerNatural && cards.length
        ? _("%(total)s against the dealer's blackjack, lost", { total })
        : _("%(total)s against %(dealer)s, lost", { total, dealer: dealer.total });
  }
}

// What a settled round brought, in one sentence.
export function brought({ stake, payout, net }) {
  if (net > 0) return ngettext("You win %(amount)s coin.", "You win %(amount)s coins.", net, { amount: coins(net) });
  if (net === 0) return _("A push: your stake of %(stake)s coins is back.", { stake: coins(stake) });
  if (payout) return _("%(payout)s of %(stake)s coins come back.", { payout: coins(payout), stake: coins(stake) });
  return _("The stake of %(stake)s coins is lost.", { stake: coins(stake) });
}

// The whole result, hand by hand.
export function result(round) {
  const { hands, dealer, insurance } = round.outcome;
  const told = hands.map((hand, i) => `${hands.length > 1 ? _("Hand %(number)s", { number: i + 1 }) : _("You")}: ${handResult(hand, dealer)}.`);
  if (insurance) told.push(insurance.payout ? _("Insurance pays %(amount)s.", { amount: coins(insurance.payout) }) : _("The insurance is lost."));
  return [...told, brought(round)].join(" ");
}
