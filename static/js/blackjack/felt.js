// The felt: draws a round at once, or deals from what lies there to the next state, card by card.

import { card, cardName, coinAmount, coins, el } from "imperio/core/format.js";
import { _ } from "imperio/core/i18n.js";
import { reduced, wait } from "imperio/core/motion.js";
import { play } from "imperio/core/sound.js";
import { totalText, value } from "imperio/blackjack/hands.js";
import { VERDICTS } from "imperio/blackjack/words.js";

const FLIGHT = 340;
const PACE = 240;
const TURN = 150;
const EASE = "cubic-bezier(.2,.7,.2,1)";
const OVER = new Set(["stood", "won", "lost", "push", "natural", "bust", "surrendered"]);

// A hidden tab runs no animations, so none is waited for longer than it should take.
const ended = (animation, ms) => Promise.race([animation.finished.catch(() => {}), wait(ms + 150)]);

// Lets cards that a change moves glide to their new places.
function glide(root, change) {
  const before = new Map(Array.from(root.querySelectorAll(".cards > li"), (node) => [node, node.getBoundingClientRect()]));
  change();
  if (reduced()) return;
  for (const [node, old] of before) {
    const now = node.getBoundingClientRect();
    const [x, y] = [old.left - now.left, old.top - now.top];
    if (x || y) node.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }], { duration: FLIGHT, easing: EASE });
  }
}

export function createFelt(root) {
  const shoe = root.querySelector("[data-shoe]");
  const dealer = root.querySelector(".dealer");
  const hands = root.querySelector("[data-hands]");
  const insurance = root.querySelector("[data-insurance]");
  const dealerCards = dealer.querySelector(".cards");
  const dealerTotal = dealer.querySelector(".total");
  let codes = { dealer: [], hands: [] }; // what lies on the felt; a hole card that is face down is "back"

  function fly(svg) {
    if (reduced()) return svg.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 200 });
    const [from, to] = [shoe.getBoundingClientRect(), svg.getBoundingClientRect()];
    const start = `translate(${from.left - to.left}px, ${from.top - to.top}px) rotate(-8deg) scale(${from.width / to.width || 1})`;
    svg.style.transformOrigin = "0 0";
    return svg.animate([{ transform: start }, { transform: "none" }], { duration: FLIGHT, easing: EASE, fill: "backwards" });
  }

  function put(cards, code) {
    const node = el("li", {}, card(code));
    glide(root, () => cards.append(node));
    return node.firstChild;
  }

  function writeDealerTotal() {
    const seen = codes.dealer.filter((code) => code !== "back");
    dealerTotal.hidden = !seen.length;
    dealerTotal.textContent = seen.length < codes.dealer.length || seen.length === 1 ? totalText(seen, false) : value(seen).total;
  }

  function addHand(index) {
    const number = el("span", { class: "sr-only" }, `${_("Hand %(number)s, total", { number: index + 1 })} `);
    const node = el("li", { class: "hand" },
      el("p", { class: "hand__total" }, number, el("span", { class: "total" })),
      el("ol", { class: "cards" }),
      el("p", { class: "hand__foot" }, el("span", { "data-coins": true }), el("span", { class: "hand__verdict" })));
    hands.insertBefore(node, hands.children[index] ?? null);
    codes.hands.splice(index, 0, []);
    hands.dataset.count = hands.children.length;
    return node;
  }

  const writeTotal = (index) => {
    hands.children[index].querySelector(".total").textContent = totalText(codes.hands[index], false);
  };

  function decorateHand(hand, index, active) {
    const node = hands.children[index];
    node.dataset.status = hand.status;
    if (active) node.setAttribute("aria-current", "true");
    else node.removeAttribute("aria-current");
    node.querySelector(".hand__total .sr-only").textContent = `${_("Hand %(number)s, total", { number: index + 1 })} `;
    node.querySelector(".total").textContent = totalText(hand.cards, OVER.has(hand.status));
    node.querySelector(".hand__foot").firstElementChild.replaceWith(coinAmount(hand.stake));
    node.querySelector(".hand__verdict").textContent = VERDICTS[hand.status] ?? "";
  }

  function decorate({ status, outcome }) {
    outcome.hands.forEach((hand, index) => decorateHand(hand, index, index === outcome.active_hand));
    writeDealerTotal();
    const side = outcome.insurance;
    insurance.hidden = !side;
    const paid = side && status === "settled" ? ` · ${_("paid %(amount)s", { amount: coins(side.payout) })}` : "";
    if (side) insurance.replaceChildren(_("Insurance"), " ", coinAmount(side.stake), paid);
  }

  // One card from the shoe to the dealer (`index` null) or to a hand; resolves when the next may follow.
  async function dealCard(code, index) {
    const list = index === null ? dealerCards : hands.children[index].querySelector(".cards");
    (index === null ? codes.dealer : codes.hands[index]).push(code);
    const animation = fly(put(list, code));
    play("card");
    await (reduced() ? wait(60) : wait(PACE));
    if (index === null) writeDealerTotal();
    else writeTotal(index);
    return animation;
  }

  async function turnHole(code) {
    const svg = dealerCards.children[1].firstChild;
    const squeeze = { duration: TURN, easing: "ease-in", fill: "forwards" };
    if (!reduced()) await ended(svg.animate([{ transform: "none" }, { transform: "scaleX(0)" }], squeeze), TURN);
    const face = card(code);
    svg.replaceWith(face);
    face.setAttribute("aria-label", cardName(code));
    codes.dealer[1] = code;
    play("card");
    if (!reduced()) await ended(face.animate([{ transform: "scaleX(0)" }, { transform: "none" }], { duration: TURN }), TURN);
    writeDealerTotal();
  }

  // A pair becomes two hands: the second card slides over to a new hand beside the first.
  function split(index) {
    glide(root, () => {
      const moved = hands.children[index].querySelector(".cards").lastElementChild;
      const [code] = codes.hands[index].splice(1, 1);
      addHand(index + 1).querySelector(".cards").append(moved);
      codes.hands[index + 1].push(code);
    });
    writeTotal(index);
    writeTotal(index + 1);
  }

  function clear() {
    hands.replaceChildren();
    dealerCards.replaceChildren();
    hands.dataset.count = 0;
    insurance.hidden = true;
    codes = { dealer: [], hands: [] };
    writeDealerTotal();
  }

  // The round as it stands, without a show.
  function show(round) {
    clear();
    if (!round) return;
    const { outcome, status } = round;
    codes.dealer = status === "open" ? [...outcome.dealer.cards, "back"] : [...outcome.dealer.cards];
    dealerCards.replaceChildren(...codes.dealer.map((code) => el("li", {}, card(code))));
    outcome.hands.forEach((hand, index) => {
      addHand(index).querySelector(".cards").append(...hand.cards.map((code) => el("li", {}, card(code))));
      codes.hands[index] = [...hand.cards];
    });
    decorate(round);
  }

  // From what lies there to the round's new state: split, players' cards, hole card, dealer's draws; then the verdicts.
  async function deal(round) {
    const { outcome, status } = round;
    let last = null;
    if (!codes.hands.length) {
      const [first, second] = outcome.hands[0].cards;
      addHand(0);
      await dealCard(first, 0);
      await dealCard(outcome.dealer.cards[0], null);
      await dealCard(second, 0);
      last = await dealCard("back", null);
    } else if (outcome.hands.length > codes.hands.length) {
      split(Array.from(hands.children).findIndex((node) => node.hasAttribute("aria-current")));
      await wait(reduced() ? 0 : PACE);
    }
    for (const [index, hand] of outcome.hands.entries()) {
      for (const code of hand.cards.slice(codes.hands[index].length)) last = await dealCard(code, index);
    }
    if (status === "settled" && codes.dealer[1] === "back") {
      await wait(reduced() ? 0 : PACE);
      await turnHole(outcome.dealer.cards[1]);
      for (const code of outcome.dealer.cards.slice(2)) {
        await wait(reduced() ? 0 : PACE);
        last = await dealCard(code, null);
      }
    }
    if (last) await ended(last, FLIGHT - PACE);
    decorate(round);
  }

  return { show, deal, clear, hands };
}
