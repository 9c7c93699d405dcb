// A blackjack table: seats around the felt, one dealer, whose turn it is.

import { card, coinAmount, el } from "imperio/core/format.js";
import { _ } from "imperio/core/i18n.js";
import { reduced, wait } from "imperio/core/motion.js";
import { play as sound } from "imperio/core/sound.js";
import { totalText } from "imperio/blackjack/hands.js";
import { ACTIONS, VERDICTS, brought } from "imperio/blackjack/words.js";
import { badge, statusText } from "imperio/tables/seats.js";
import { bringIntoSight } from "imperio/tables/sight.js";
import { StakeForm } from "imperio/tables/stake.js";

const PACE = 420;
const KEYS = { h: "hit", s: "stand", d: "double", p: "split", r: "surrender", i: "insurance", n: "decline_insurance" };
const OVER = new Set(["stood", "won", "lost", "push", "natural", "bust", "surrendered"]);

// Cards that lie there stay; only new ones are dealt in.
function cardsInto(list, codes) {
  const known = Array.from(list.children, (node) => node.dataset.code);
  const same = known.filter((code, index) => code === codes[index]).length;
  while (list.children.length > same) list.lastElementChild.remove();
  for (const code of codes.slice(same)) {
    list.append(el("li", { class: "dealt", "data-code": code }, card(code)));
    sound("card");
  }
}

export default class BlackjackStage {
  constructor(root, table) {
    this.root = root;
    this.table = table;
    this.seats = root.querySelector("[data-seats]");
    this.dealer = root.querySelector("[data-dealer]");
    this.total = root.querySelector("[data-dealer-total]");
    this.acts = root.querySelector("[data-acts]");
    this.stake = new StakeForm(root.querySelector("[data-stake]"), table, (stake) => stake);
    this.acts.addEventListener("click", (event) => this.act(event.target.closest("[data-action]")?.dataset.action));
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.closest("input, textarea, dialog")) return;
      const action = KEYS[event.key.toLowerCase()];
      if (action && this.turn()?.legal_actions.includes(action)) this.act(action);
    });
  }

  // The turn, if it is ours.
  turn() {
    const turn = this.table.state?.turn;
    return turn && turn.username === this.table.me ? turn : null;
  }

  // What is read out when it is one's turn.
  turnWords({ turn, dealer }, { hands }) {
    const which = hands.length > 1 ? _("Your turn with hand %(number)s:", { number: turn.hand + 1 }) : _("Your turn:");
    const asked = turn.legal_actions.includes("insurance") ? ` ${_("Insurance?")}` : "";
    const totals = { total: totalText(hands[turn.hand].cards), dealer: totalText(dealer.cards) };
    return `${which} ${_("you have %(total)s, the dealer shows %(dealer)s.", totals)}${asked}`;
  }

  async act(action) {
    if (!action || !this.turn()) return;
    for (const button of this.acts.children) button.disabled = true;
    await this.table.ask("act", { action, version: this.table.state.version });
    for (const button of this.acts.children) button.disabled = false;
  }

  show(state, mine) {
    const playing = state.phase === "acting" || state.phase === "result";
    this.showSeats(state);
    // The dealer's cards of a result are turned by play().
    if (state.phase !== "result" || !this.table.fresh) this.showDealer(state.dealer?.cards ?? [], state.phase);
    const turn = this.turn();
    const called = turn && this.acts.hidden;
    this.acts.hidden = !turn;
    for (const button of this.acts.children) button.hidden = !turn?.legal_actions.includes(button.dataset.action);
    this.stake.show(Boolean(mine) && !playing && state.phase === "betting", mine);
    if (called) this.lookHere();
  }

  // Whose turn has come while they were further down the page sees the cards and the buttons.
  lookHere() {
    const { top, bottom } = this.acts.getBoundingClientRect();
    if (top < 0 || bottom > innerHeight) bringIntoSight(this.seats.querySelector("[data-own]"), "center");
  }

  showDealer(cards, phase) {
    const codes = phase === "acting" && cards.length === 1 ? [...cards, "back"] : cards;
    cardsInto(this.dealer, codes);
    this.total.hidden = !cards.length;
    this.total.textContent = cards.length ? totalText(cards, phase === "result") : "";
  }

  showSeats(state) {
    const here = new Set(state.seats.map((seat) => String(seat.seat)));
    for (const node of [...this.seats.children]) if (!here.has(node.dataset.seat)) node.remove();
    state.seats.forEach((seat, index) => {
      let node = this.seats.querySelector(`:scope > [data-seat="${seat.seat}"]`);
      if (!node) {
        node = el("li", { class: "tbj__seat", "data-seat": seat.seat },
          el("ol", { class: "tbj__hands" }), el("p", { class: "tbj__who" }, badge(seat), el("span", { "data-name": true }), el("span", { "data-coins": true }), el("span", { class: "faint small", "data-told": true })));
        this.seats.insertBefore(node, this.seats.children[index] ?? null);
      }
      this.showSeat(node, seat, state);
    });
    this.seats.dataset.count = state.seats.length;
  }

  showSeat(node, seat, state) {
    const turn = state.turn?.seat === seat.seat ? state.turn : null;
    node.toggleAttribute("data-turn", Boolean(turn));
    node.toggleAttribute("data-own", seat.username === this.table.me);
    if (turn) node.setAttribute("aria-current", "true");
    else node.removeAttribute("aria-current");
    node.classList.toggle("tbj__seat--away", !seat.connected);
    node.querySelector("[data-name]").textContent = seat.username === this.table.me ? _("You") : seat.username;
    node.querySelector("[data-coins]").replaceChildren(seat.stake ? coinAmount(seat.stake) : "");
    const last = seat.last_action;
    const status = seat.connected && seat.hands ? "" : statusText(seat.status);
    const told = last?.by === "system" ? _("%(action)s: time was up", { action: ACTIONS[last.action] }) : status;
    node.querySelector("[data-told]").textContent = told;
    const list = node.querySelector(".tbj__hands");
    const hands = seat.hands ?? [];
    while (list.children.length > hands.length) list.lastElementChild.remove();
    hands.forEach((hand, number) => {
      let place = list.children[number];
      if (!place) {
        place = el("li", { class: "hand" }, el("p", { class: "hand__total" }, el("span", { class: "total" })), el("ol", { class: "cards" }), el("p", { class: "hand__verdict" }));
        list.append(place);
      }
      place.dataset.status = hand.status;
      if (turn?.hand === number) place.setAttribute("aria-current", "true");
      else place.removeAttribute("aria-current");
      cardsInto(place.querySelector(".cards"), hand.cards);
      place.querySelector(".total").textContent = totalText(hand.cards, OVER.has(hand.status));
      place.querySelector(".hand__verdict").textContent = state.phase === "result" && this.table.fresh && !this.turned ? "" : VERDICTS[hand.status] ?? "";
    });
  }

  // The dealer turns the hole card and draws, then the verdicts stand.
  async play(result, mine) {
    this.turned = false;
    const { dealer } = result.outcome;
    for (let count = Math.min(2, dealer.cards.length); count <= dealer.cards.length; count += 1) {
      this.showDealer(dealer.cards.slice(0, count), "result");
      await wait(reduced() ? 0 : PACE);
    }
    this.turned = true;
    if (this.table.state) this.showSeats(this.table.state);
    const words = mine ? brought(mine) : "";
    return `${_("The dealer has %(total)s.", { total: dealer.total })} ${words}`;
  }
}
