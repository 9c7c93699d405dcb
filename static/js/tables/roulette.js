// A roulette table: one wheel, everybody's chips in their colours.

import { announce } from "imperio/core/announce.js";
import { coins, el } from "imperio/core/format.js";
import { _ } from "imperio/core/i18n.js";
import { cameBack } from "imperio/core/play.js";
import { toast } from "imperio/core/toast.js";
import { play as sound } from "imperio/core/sound.js";
import { Bets, keyOf } from "imperio/roulette/bets.js";
import { Felt } from "imperio/roulette/felt.js";
import { COLOURS } from "imperio/roulette/layout.js";
import { Wheel } from "imperio/roulette/wheel.js";
import { bringIntoSight } from "imperio/tables/sight.js";

const SEND_AFTER = 180; // milliseconds: several chips in a row are one frame
const ENOUGH = 12;
const DONE = { undo: _("Taken back."), clear: _("The felt is clear."), rebet: _("The last bets again."), double: _("Doubled.") };

// What fits on a chip.
const short = (amount) => (amount < 1000 ? String(amount) : `${Math.floor(amount / 100) / 10}k`);

const pocketTag = (number, colour) => el("span", { class: `pocket pocket--${colour}` }, String(number));

export default class RouletteStage {
  constructor(root, table) {
    this.root = root;
    this.table = table;
    this.wheel = new Wheel(root.querySelector("[data-wheel]"));
    this.desk = root.querySelector("[data-desk]");
    this.result = root.querySelector("[data-result]");
    this.done = root.querySelector("[data-done]");
    this.told = root.querySelector("[data-chips-told]");
    this.chip = 5;
    this.round = null;
    this.muted = false;
    const { max, maxBet, maxBets } = root.dataset;
    this.bets = new Bets({ bet: Number(maxBet), stake: Number(max), bets: Number(maxBets) }, () => this.changed());
    this.felt = new Felt(root.querySelector("[data-felt]"), this.desk.querySelector(".chips"), this.wants(), () => this.open());
    this.desk.addEventListener("click", (event) => this.press(event.target.closest("button")));
  }

  open() {
    return this.table.seated() && this.table.state?.phase === "betting" && (this.table.clock.left ?? 0) > 0;
  }

  wants() {
    return {
      place: (key, amount = this.chip) => this.try(() => this.bets.add([[key, amount]]), () => this.felt.told(key, this.bets.at(key))),
      take: (key, all) => this.try(() => this.bets.take(key, all ? Infinity : this.chip), () => this.felt.told(key, this.bets.at(key))),
      move: (from, to) => this.try(() => this.bets.move(from, to), () => _("Moved to %(spot)s.", { spot: this.felt.label(to) })),
      drop: (key) => this.try(() => this.bets.take(key, Infinity), () => _("Taken away.")),
    };
  }

  try(change, words) {
    const problem = change();
    if (problem) toast(problem);
    else {
      sound("chip");
      announce(words());
    }
  }

  press(button) {
    if (!button || !this.open()) return;
    if (button.dataset.chip) {
      this.chip = Number(button.dataset.chip);
      for (const chip of this.desk.querySelectorAll("[data-chip]")) chip.setAttribute("aria-pressed", String(chip === button));
    } else if (button.dataset.tool) {
      this.try(() => this.bets[button.dataset.tool](), () => DONE[button.dataset.tool]);
    } else if (button === this.done) {
      this.send(true);
    }
  }

  // The bets have changed: draw them, and tell the table soon.
  changed() {
    if (!this.felt) return;
    this.felt.show(this.bets.entries());
    this.desk.querySelector("[data-total]").textContent = coins(this.bets.total);
    if (this.muted) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(false), SEND_AFTER);
  }

  async send(done) {
    clearTimeout(this.timer);
    if (!this.open()) return;
    await this.table.ask("place_bets", { bets: this.bets.list(), done });
  }

  quietly(change) {
    this.muted = true;
    change();
    this.muted = false;
  }

  show(state, mine) {
    const begins = state.phase === "betting" && this.phase !== "betting";
    this.phase = state.phase;
    if (begins) {
      this.felt.settle(null, []);
      if (this.bets.size) this.quietly(() => this.bets.spent());
    }
    // What the house has of ours after a reload.
    if (mine?.bets?.length && !this.bets.size && state.phase === "betting") {
      this.quietly(() => this.bets.add(mine.bets.map((bet) => [keyOf(bet), bet.amount])));
    }
    this.others(state, mine);
    this.desk.hidden = !mine || state.phase === "waiting";
    this.done.disabled = state.phase !== "betting" || mine?.status === "done";
    this.done.textContent = mine?.status === "done" ? _("Waiting for the others") : _("Done");
    if (state.phase !== "result") this.past(state.recent);
    if (state.phase === "result" && this.round !== state.round_id && !this.table.fresh) this.lay(state);
  }

  // The result as it stands, for whoever comes while it is shown.
  lay(state) {
    this.round = state.round_id;
    const { pocket } = state.outcome;
    this.felt.settle(pocket, []);
    this.past(state.recent);
  }

  others(state, mine) {
    for (const old of this.root.querySelectorAll(".others")) old.remove();
    const bySpot = new Map();
    const words = [];
    for (const seat of state.seats) {
      if (seat === mine || !seat.bets?.length) continue;
      for (const bet of seat.bets) {
        const key = keyOf(bet);
        bySpot.set(key, [...(bySpot.get(key) ?? []), [seat, bet.amount]]);
      }
      words.push(`${seat.username}: ${seat.bets.map((bet) => `${this.felt.label(keyOf(bet))} ${coins(bet.amount)}`).join(", ")}.`);
    }
    for (const [key, chips] of bySpot) {
      const marks = chips.map(([seat, amount]) => el("i", { class: "seatchip", "data-seat": seat.seat }, short(amount)));
      this.root.querySelector(`[data-spot="${key}"]`)?.append(el("span", { class: "others", "aria-hidden": "true" }, ...marks));
    }
    this.told.replaceChildren(...words.map((text) => el("li", {}, text)));
  }

  past(recent) {
    const list = this.root.querySelector("[data-past]");
    list.replaceChildren(...recent.map(({ pocket, colour }) => el("li", {}, pocketTag(pocket, colour))));
    const heat = this.root.querySelector("[data-heat]");
    heat.hidden = recent.length < ENOUGH;
    if (heat.hidden) return;
    const counts = Array.from({ length: 37 }, (_, number) => [number, recent.filter(({ pocket }) => pocket === number).length]);
    const colours = new Map(recent.map(({ pocket, colour }) => [pocket, colour]));
    const hot = counts.filter(([, count]) => count > 1).sort((a, b) => b[1] - a[1]).slice(0, 3);
    const cold = recent.slice(-3).filter(({ pocket }) => counts[pocket][1] === 1);
    heat.querySelector("[data-hot]").replaceChildren(...(hot.length ? hot.flatMap(([number, count]) => [pocketTag(number, colours.get(number)), `×${count} `]) : [_("none")]));
    heat.querySelector("[data-cold]").replaceChildren(...(cold.length ? cold.map(({ pocket, colour }) => pocketTag(pocket, colour)) : [_("none")]));
  }

  // One result for all: the wheel first, then the words.
  async play(result, mine) {
    this.round = result.round_id;
    const { pocket, colour } = result.outcome;
    if (mine) bringIntoSight(this.wheel.root);
    await this.wheel.spin(Promise.resolve(pocket)).catch(() => {});
    const won = this.table.own?.bets?.filter((bet) => bet.payout > 0).map(keyOf) ?? [];
    this.felt.settle(pocket, won);
    const words = mine ? cameBack(mine) : "";
    const said = `${pocket} ${COLOURS[colour]}. ${words}`;
    this.result.replaceChildren(el("p", { class: mine?.net > 0 ? "told told--won" : "told" },
      el("span", { class: `pocket pocket--${colour}`, "aria-hidden": "true" }, String(pocket)), el("span", {}, said)));
    if (this.table.state) this.past(this.table.state.recent);
    return said;
  }
}
