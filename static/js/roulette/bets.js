// The bets on the felt: amounts by spot, within the house's limits, with every step undoable.

import { coins } from "imperio/core/format.js";
import { _ } from "imperio/core/i18n.js";

// A spot's key ("split-17-20", "red") as the API names its bet.
export function betOf(key, amount) {
  const [type, ...numbers] = key.split("-");
  return { type, numbers: numbers.map(Number), amount };
}

export const keyOf = ({ type, numbers }) => [type, ...numbers].join("-");

export class Bets {
  #amounts = new Map();
  #past = [];
  #last = new Map();

  // `limits`: {bet, stake, bets}; `changed()` is called after every change.
  constructor(limits, changed) {
    this.limits = limits;
    this.changed = changed;
  }

  get total() {
    return [...this.#amounts.values()].reduce((sum, amount) => sum + amount, 0);
  }

  get size() {
    return this.#amounts.size;
  }

  get undoable() {
    return this.#past.length > 0;
  }

  get repeatable() {
    return this.#last.size > 0;
  }

  at(key) {
    return this.#amounts.get(key) ?? 0;
  }

  entries() {
    return [...this.#amounts];
  }

  list() {
    return this.entries().map(([key, amount]) => betOf(key, amount));
  }

  // Adds amounts, all of them or none; answers why not, or null.
  add(pairs) {
    const next = new Map(this.#amounts);
    for (const [key, amount] of pairs) next.set(key, (next.get(key) ?? 0) + amount);
    return this.#set(next);
  }

  // Takes up to `amount` coins off a spot.
  take(key, amount) {
    if (!this.at(key)) return null;
    const next = new Map(this.#amounts);
    if (this.at(key) > amount) next.set(key, this.at(key) - amount);
    else next.delete(key);
    return this.#set(next);
  }

  move(from, to) {
    if (from === to) return null;
    const next = new Map(this.#amounts);
    next.delete(from);
    next.set(to, (next.get(to) ?? 0) + this.at(from));
    return this.#set(next);
  }

  clear() {
    return this.#amounts.size ? this.#set(new Map()) : null;
  }

  double() {
    return this.add(this.entries());
  }

  rebet() {
    return this.#set(new Map(this.#last));
  }

  undo() {
    this.#amounts = this.#past.pop() ?? this.#amounts;
    this.changed();
    return null;
  }

  // The bets went into a spin: the felt is empty again, and they can be repeated.
  spent() {
    this.#last = this.#amounts;
    this.#amounts = new Map();
    this.#past = [];
    this.changed();
  }

  #set(next) {
    const problem = this.#problem(next);
    if (problem) return problem;
    this.#past.push(this.#amounts);
    this.#amounts = next;
    this.changed();
    return null;
  }

  #problem(next) {
    const { bet, stake, bets } = this.limits;
    const amounts = [...next.values()];
    if (amounts.some((amount) => amount > bet)) return _("At most %(most)s coins on one spot.", { most: coins(bet) });
    if (next.size > bets) return _("At most %(most)s bets on one spin.", { most: bets });
    if (amounts.reduce((sum, amount) => sum + amount, 0) > stake) return _("At most %(most)s coins on one spin.", { most: coins(stake) });
    return null;
  }
}
