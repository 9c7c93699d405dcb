// The roulette table: chips on the felt, a spin, its result. On a replay page only the wheel turns again.

import { announce } from "imperio/core/announce.js";
import { settle } from "imperio/core/balance.js";
import { celebrate } from "imperio/core/celebrate.js";
import { coins, el, signed } from "imperio/core/format.js";
import { _ } from "imperio/core/i18n.js";
import { reduced } from "imperio/core/motion.js";
import { cameBack, play, refusal, refusalNotice, tellUnlocked } from "imperio/core/play.js";
import { play as sound } from "imperio/core/sound.js";
import { begin } from "imperio/core/stage.js";
import { Bets, keyOf } from "imperio/roulette/bets.js";
import { Felt } from "imperio/roulette/felt.js";
import { COLOURS } from "imperio/roulette/layout.js";
import { Past } from "imperio/roulette/past.js";
import { racetrack } from "imperio/roulette/track.js";
import { Wheel } from "imperio/roulette/wheel.js";

const fell = ({ pocket, colour }) => `${pocket} ${COLOURS[colour]}`;
const words = (round) => `${fell(round.outcome)}. ${cameBack(round)}`;

function told(round, text) {
  const { pocket, colour } = round.outcome;
  const net = round.net > 0 ? el("strong", { class: "told__net", "aria-hidden": "true" }, signed(round.net)) : null;
  const verify = el("a", { class: "told__verify", href: `/rounds/${round.id}` }, _("Verify"));
  return el("p", { class: round.net > 0 ? "told told--won" : "told" },
    el("span", { class: `pocket pocket--${colour}`, "aria-hidden": "true" }, String(pocket)), el("span", {}, net, text, " ", verify));
}

const DONE = { undo: _("Taken back."), clear: _("The felt is clear."), rebet: _("The last bets again."), double: _("Doubled.") };

class Table {
  constructor(root) {
    this.root = root;
    this.desk = root.querySelector("[data-desk]");
    this.result = root.querySelector("[data-result]");
    this.note = root.querySelector("[data-note]");
    this.button = root.querySelector("[data-spin]");
    this.wheel = new Wheel(root.querySelector("[data-wheel]"));
    this.past = new Past(root);
    this.spinning = false;
    this.removing = false;
    this.chip = 5;
    const { maxBet, maxStake, maxBets } = root.dataset;
    this.bets = new Bets({ bet: Number(maxBet), stake: Number(maxStake), bets: Number(maxBets) }, () => this.draw());
    this.felt = new Felt(root.querySelector("[data-felt]"), this.desk.querySelector(".chips"), this.wants(), () => !this.spinning);
    racetrack(root.querySelector("[data-track]"), (pairs, name) => this.call(pairs, name), (keys) => this.felt.lightKeys(keys));
    this.desk.addEventListener("click", (event) => this.press(event.target.closest("button")));
    document.addEventListener("keydown", (event) => this.key(event));
    this.draw();
  }

  wants() {
    return {
      place: (key, amount = this.chip) => (this.removing ? this.take(key) : this.place(key, amount)),
      take: (key, all) => this.take(key, all),
      move: (from, to) => this.try(() => this.bets.move(from, to), () => _("Moved to %(spot)s.", { spot: this.felt.label(to) })),
      drop: (key) => this.take(key, true),
    };
  }

  // Does something to the bets and says how it went.
  try(change, said) {
    if (this.spinning) return;
    const problem = change();
    this.note.textContent = problem ?? said();
    this.note.classList.toggle("desk__bad", Boolean(problem));
    if (problem) return;
    sound("chip");
    this.felt.settle(null, []);
  }

  place(key, amount) {
    this.try(() => this.bets.add([[key, amount]]), () => this.felt.told(key, this.bets.at(key)));
  }

  take(key, all = false) {
    if (!this.bets.at(key)) return;
    this.try(() => this.bets.take(key, all ? Infinity : this.chip), () => this.felt.told(key, this.bets.at(key)));
  }

  call(pairs, name) {
    const chips = pairs.reduce((sum, [, count]) => sum + count, 0);
    const said = () => _("%(call)s: %(amount)s coins.", { call: name, amount: coins(chips * this.chip) });
    this.try(() => this.bets.add(pairs.map(([key, count]) => [key, count * this.chip])), said);
  }

  press(button) {
    if (!button) return;
    const { chip, tool } = button.dataset;
    if (chip) this.choose(Number(chip));
    else if (button === this.button) this.spin();
    else if (tool === "remove") this.remove(!this.removing);
    else if (tool && button.getAttribute("aria-disabled") !== "true") this.try(() => this.bets[tool](), () => DONE[tool]);
  }

  choose(value) {
    this.chip = value;
    this.remove(false);
    for (const chip of this.desk.querySelectorAll("[data-chip]")) chip.setAttribute("aria-pressed", String(Number(chip.dataset.chip) === value));
  }

  remove(on) {
    this.removing = on;
    this.tool("remove").setAttribute("aria-pressed", String(on));
    this.root.classList.toggle("roulette--removing", on);
  }

  tool(name) {
    return this.desk.querySelector(`[data-tool="${name}"]`);
  }

  draw() {
    const { bets } = this;
    this.felt.show(bets.entries());
    this.desk.querySelector("[data-total]").textContent = coins(bets.total);
    const usable = { undo: bets.undoable, clear: bets.size > 0, double: bets.size > 0, rebet: bets.repeatable };
    for (const [name, on] of Object.entries(usable)) this.tool(name).setAttribute("aria-disabled", String(!on));
  }

  key(event) {
    if (event.code !== "Space" || event.repeat || !this.button || event.target.closest?.("button, a, input, textarea, select, summary, [contenteditable], dialog")) return;
    event.preventDefault();
    this.spin();
  }

  async spin() {
    if (this.spinning || this.button.disabled) return;
    if (!this.bets.size) {
      this.note.textContent = _("Place a bet first.");
      return;
    }
    this.lock(true);
    const free = begin();
    const list = this.bets.list();
    this.result.replaceChildren(el("p", { class: "told told--idle" }, _("No more bets. The ball is running …")));
    this.wheel.root.scrollIntoView({ block: "nearest", behavior: reduced() ? "auto" : "smooth" });
    const bet = play("/games/roulette/spins", { bets: list });
    let answer = null;
    try {
      await this.wheel.spin(bet.then(({ round }) => round.outcome.pocket));
      answer = await bet;
    } catch (error) {
      const { title, text } = refusal(error);
      this.result.replaceChildren(refusalNotice(error));
      announce(`${title}. ${text}`);
    }
    this.lock(false);
    if (answer) await this.show(answer);
    free();
  }

  async show({ round, balance, unlocked }) {
    const won = round.outcome.bets.filter(({ payout }) => payout > 0);
    const text = words(round);
    this.bets.spent();
    this.felt.show(won.map((bet) => [keyOf(bet), bet.payout]));
    this.felt.settle(round.outcome.pocket, won.map(keyOf));
    this.result.replaceChildren(told(round, text));
    this.note.textContent = "";
    const last = { pocket: fell(round.outcome), net: signed(round.net) };
    this.root.querySelector("[data-last]").textContent = _("Last: %(pocket)s, net %(net)s", last);
    announce(text);
    this.past.add(round);
    settle({ balance, net: round.net });
    await celebrate({ ...round, anchor: this.wheel.root, title: _("The wheel pays") });
    tellUnlocked(unlocked);
  }

  lock(on) {
    this.spinning = on;
    this.root.classList.toggle("roulette--spinning", on);
    if (on) this.button.setAttribute("aria-disabled", "true");
    else this.button.removeAttribute("aria-disabled");
  }
}

function replay(root) {
  const wheel = new Wheel(root.querySelector("[data-wheel]"));
  const again = root.querySelector("[data-again]");
  const pocket = Number(wheel.root.dataset.pocket);
  again.hidden = false;
  again.addEventListener("click", async () => {
    again.disabled = true;
    await wheel.spin(Promise.resolve(pocket));
    again.disabled = false;
    again.focus();
  });
}

export default function roulette(root) {
  if ("replay" in root.dataset) replay(root);
  else new Table(root);
}
