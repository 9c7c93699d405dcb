// The player's own pockets: the last twenty, hot and cold.

import { el } from "imperio/core/format.js";
import { COLOURS, colourOf } from "imperio/roulette/layout.js";

const SHOWN = 20;
const KEPT = 100;
const ENOUGH = 15; // pockets before hot and cold mean anything
const MOST = 3;

const pocket = (number) => el("span", { class: `pocket pocket--${colourOf(number)}` }, String(number));

export class Past {
  constructor(root) {
    this.pockets = root.dataset.pockets.split(" ").filter(Boolean).map(Number);
    this.list = root.querySelector("[data-past]");
    this.none = root.querySelector("[data-none]");
    this.heat = root.querySelector("[data-heat]");
    if (this.list) this.#warm();
  }

  add({ id, outcome }) {
    if (!this.list) return;
    this.pockets = [outcome.pocket, ...this.pockets].slice(0, KEPT);
    const link = el("a", { href: `/rounds/${id}`, "aria-label": `${outcome.pocket} ${COLOURS[outcome.colour]}` }, pocket(outcome.pocket));
    this.list.prepend(el("li", {}, link));
    while (this.list.children.length > SHOWN) this.list.lastElementChild.remove();
    this.none.hidden = true;
    this.#warm();
  }

  #warm() {
    if (this.pockets.length < ENOUGH) return;
    const numbers = Array.from({ length: 37 }, (_, number) => {
      const last = this.pockets.indexOf(number);
      return { number, count: this.pockets.filter((other) => other === number).length, last: last < 0 ? KEPT : last };
    });
    const hot = numbers.filter(({ count }) => count > 1).sort((a, b) => b.count - a.count || a.last - b.last);
    const cold = [...numbers].sort((a, b) => a.count - b.count || b.last - a.last);
    const write = (name, found) => this.heat.querySelector(`[data-${name}]`).replaceChildren(
      ...found.slice(0, MOST).flatMap(({ number, count }) => [pocket(number), el("span", { class: "faint" }, `×${count} `)]));
    write("hot", hot);
    write("cold", cold);
    this.heat.hidden = false;
  }
}
