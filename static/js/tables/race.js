// A race: ten spins for everybody, all reels side by side, best total takes it.

import { coinAmount, coins, el, signed } from "imperio/core/format.js";
import { _ } from "imperio/core/i18n.js";
import { inWords } from "imperio/slots/fruits.js";
import { Machine } from "imperio/slots/machine.js";
import { badge, statusText } from "imperio/tables/seats.js";
import { StakeForm } from "imperio/tables/stake.js";

const SPINS = 10;
const all = new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" });

class Lane {
  constructor(seat, template) {
    this.total = el("span", { class: "num race__total" });
    this.pips = el("ol", { class: "race__pips", "aria-label": _("Spins") });
    this.told = el("span", { class: "faint small" });
    this.name = el("span", { class: "race__name" });
    this.crown = el("span", { class: "tag tag--gold", hidden: true }, _("Winner"));
    this.node = el("li", { class: "lane", "data-seat": seat.seat },
      el("p", { class: "lane__who" }, badge(seat), this.name, this.crown, this.told, this.total),
      el("div", { class: "lane__reels" }, template.content.cloneNode(true)), this.pips);
    this.shown = 0;
    this.machine = null;
  }

  // The reels are cylinders: they are built when the lane has its size.
  build() {
    this.machine ??= new Machine(this.node.querySelector("[data-reels]"));
  }

  write(seat, me, spins) {
    this.node.toggleAttribute("data-own", seat.username === me);
    this.name.textContent = seat.username === me ? _("You") : seat.username;
    this.node.classList.toggle("lane--away", !seat.connected);
    this.told.textContent = seat.spins ? "" : statusText(seat.status);
    const payout = spins.reduce((sum, spin) => sum + spin.payout, 0);
    this.total.replaceChildren(seat.spins ? coinAmount(payout, { gold: payout > 0 }) : seat.stake ? coinAmount(seat.stake) : "");
    this.pips.replaceChildren(...Array.from({ length: seat.spins ? SPINS : 0 }, (_, index) => {
      const spin = spins[index];
      return el("li", { class: spin?.payout ? "spip spip--paid" : spin ? "spip spip--done" : "spip", title: spin ? `${inWords(spin.symbols)}: ${coins(spin.payout)}` : "" });
    }));
  }
}

export default class RaceStage {
  constructor(root, table) {
    this.table = table;
    this.list = root.querySelector("[data-lanes]");
    this.template = root.querySelector("template[data-lane]");
    this.lanes = new Map();
    this.stake = new StakeForm(root.querySelector("[data-stake]"), table, (stake) => stake * SPINS);
  }

  show(state, mine) {
    const seats = new Map(state.seats.map((seat) => [seat.seat, seat]));
    for (const [number, lane] of this.lanes) {
      if (seats.has(number)) continue;
      lane.node.remove();
      this.lanes.delete(number);
    }
    for (const seat of state.seats) this.showLane(seat, state);
    this.stake.show(Boolean(mine) && state.phase === "betting", mine, state.seats.find((seat) => seat !== mine && seat.stake)?.stake);
  }

  showLane(seat, state) {
    let lane = this.lanes.get(seat.seat);
    if (!lane || lane.username !== seat.username) {
      lane?.node.remove();
      lane = new Lane(seat, this.template);
      lane.username = seat.username;
      this.lanes.set(seat.seat, lane);
      this.list.append(lane.node);
      lane.build();
    }
    const spins = seat.spins ?? [];
    if (spins.length < lane.shown) lane.shown = 0;
    if (state.phase === "betting" || state.phase === "waiting") {
      lane.crown.hidden = true;
      lane.machine.calm();
    }
    if (spins.length > lane.shown) this.spin(lane, seat, spins);
    else lane.write(seat, this.table.me, spins.slice(0, lane.shown));
  }

  // The newest spin is shown turning, those before it (after a reload) as they stand.
  async spin(lane, seat, spins) {
    const before = spins.slice(0, -1);
    lane.shown = spins.length;
    lane.write(seat, this.table.me, before);
    const newest = spins.at(-1);
    await lane.machine.spin(Promise.resolve(newest.stops)).catch(() => {});
    if (newest.payout) lane.machine.honour(newest.symbols[1] === newest.symbols[2] ? "three" : "two_");
    lane.write(seat, this.table.me, spins);
  }

  async play(result, mine) {
    const { winners, totals } = result.outcome;
    for (const { seat, username } of totals) {
      const lane = this.lanes.get(seat);
      if (lane) lane.crown.hidden = !winners.includes(username);
    }
    const names = all.format(winners.map((name, index) => (name === this.table.me ? (index ? _("you") : _("You")) : name)));
    const who = names ? _("%(names)s took the race.", { names }) : _("Nothing came back for anybody this time.");
    const amounts = mine && { stake: coins(mine.stake), payout: coins(mine.payout), net: signed(mine.net) };
    const words = mine ? ` ${_("You staked %(stake)s coins, %(payout)s came back: net %(net)s.", amounts)}` : "";
    return who + words;
  }
}
