// The felt under fingers, mouse and keys. It only says what is wanted; the bets are kept elsewhere.

import { coins, el } from "imperio/core/format.js";
import { _, ngettext } from "imperio/core/i18n.js";
import { betOf } from "imperio/roulette/bets.js";
import { covered, place } from "imperio/roulette/layout.js";

const UPRIGHT = matchMedia("(max-width: 47.99rem)");
const LONG_PRESS = 500; // milliseconds
const DRAG = 8; // pixels until a press is a drag
const CHIPS = [1000, 500, 100, 25, 10, 5, 1];
const MOVES = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

// A chip as it lies on the felt, told by its value.
export function pile(amount) {
  const value = CHIPS.find((chip) => chip <= amount);
  const layers = Math.min(3, Math.ceil(amount / value));
  return el("span", { class: `chip pile pile--${layers}`, "data-value": value, "aria-hidden": "true" }, amount < 10000 ? coins(amount) : `${Math.floor(amount / 1000)}k`);
}

export class Felt {
  #spots = new Map();
  #pressed = 0;
  #swallow = false;

  // `wants`: place(key), take(key, all), move(from, to), drop(key). `enabled()` is false while a round is shown.
  constructor(root, rack, wants, enabled) {
    this.root = root;
    this.rack = rack;
    this.wants = wants;
    this.enabled = enabled;
    for (const node of root.querySelectorAll("[data-spot]")) this.#add(node);
    this.#spots.get("straight-0").node.tabIndex = 0;
    this.#pointer();
    this.#keys();
    root.classList.add("layout__spots--live");
  }

  #add(node) {
    const bet = betOf(node.dataset.spot, 0);
    const at = place(bet);
    node.tabIndex = -1;
    for (const [name, value] of Object.entries(at)) node.style.setProperty(`--${name}`, value);
    node.dataset.shape = at.du && at.dv ? "cell" : at.du ? "v" : at.dv ? "u" : "cross";
    this.#spots.set(node.dataset.spot, { node, at, covers: covered(bet) });
  }

  // Shows the chips of `entries` ([key, amount] pairs) and nothing else.
  show(entries) {
    const amounts = new Map(entries);
    for (const [key, { node }] of this.#spots) {
      const amount = amounts.get(key) ?? 0;
      if (Number(node.dataset.amount ?? 0) === amount) continue;
      node.querySelector(".pile")?.remove();
      node.dataset.amount = amount;
      if (!amount) {
        node.removeAttribute("aria-description");
        continue;
      }
      node.append(pile(amount));
      node.setAttribute("aria-description", ngettext("%(amount)s coin", "%(amount)s coins", amount, { amount: coins(amount) }));
    }
  }

  // What lies on a spot, said after a change there.
  told(key, amount) {
    const spot = this.label(key);
    if (!amount) return _("%(spot)s: taken away.", { spot });
    return ngettext("%(spot)s: %(amount)s coin.", "%(spot)s: %(amount)s coins.", amount, { spot, amount: coins(amount) });
  }

  label(key) {
    return this.#spots.get(key).node.getAttribute("aria-label");
  }

  // Marks the pocket and the bets that won.
  settle(pocket, wonKeys) {
    for (const [key, { node }] of this.#spots) {
      node.classList.toggle("spot--hit", key === `straight-${pocket}`);
      node.classList.toggle("spot--won", wonKeys.includes(key));
    }
  }

  // Lights the numbers that a spot (or several) would cover.
  light(numbers) {
    for (let number = 0; number <= 36; number += 1) {
      this.#spots.get(`straight-${number}`).node.classList.toggle("spot--lit", numbers.includes(number));
    }
  }

  lightKeys(keys) {
    this.light(keys.flatMap((key) => this.#spots.get(key).covers));
  }

  #keyAt(target) {
    return target?.closest?.("[data-spot]")?.dataset.spot ?? null;
  }

  #pointer() {
    const { root } = this;
    root.addEventListener("click", (event) => {
      const key = this.#keyAt(event.target);
      if (this.#swallow || !key || !this.enabled()) return;
      this.#focus(key, false);
      this.wants.place(key);
    });
    root.addEventListener("contextmenu", (event) => {
      const key = this.#keyAt(event.target);
      if (!key) return;
      event.preventDefault();
      // A finger's long press has been heard by its own timer.
      if (event.pointerType !== "touch" && this.enabled()) this.wants.take(key, false);
    });
    root.addEventListener("pointerdown", (event) => {
      const key = this.#keyAt(event.target);
      if (!key || event.button || !this.enabled() || !Number(this.#spots.get(key).node.dataset.amount ?? 0)) return;
      this.#hold(event, key);
      this.#drag(event, Number(this.#spots.get(key).node.dataset.amount), (over) => {
        if (over) this.wants.move(key, over);
        else this.wants.drop(key);
      });
    });
    root.addEventListener("pointerover", (event) => event.pointerType === "mouse" && this.#hover(this.#keyAt(event.target)));
    root.addEventListener("pointerleave", () => this.light([]));
    this.rack.addEventListener("pointerdown", (event) => {
      const chip = event.target.closest("[data-chip]");
      if (!chip || event.button || !this.enabled()) return;
      this.#drag(event, Number(chip.dataset.chip), (over) => over && this.wants.place(over, Number(chip.dataset.chip)));
    });
  }

  #hover(key) {
    this.light(key ? this.#spots.get(key).covers : []);
  }

  #hold(event, key) {
    if (event.pointerType === "mouse") return;
    this.#pressed = setTimeout(() => {
      this.#swallowClick(800);
      this.wants.take(key, false);
    }, LONG_PRESS);
  }

  #swallowClick(ms) {
    this.#swallow = true;
    setTimeout(() => (this.#swallow = false), ms);
  }

  // Follows one press; `dropped(key)` is called where a drag ends (null beside the felt).
  #drag(event, amount, dropped) {
    const [x0, y0] = [event.clientX, event.clientY];
    let ghost = null;
    const under = (at) => this.#keyAt(document.elementFromPoint(at.clientX, at.clientY));
    const move = (at) => {
      if (at.pointerId !== event.pointerId) return;
      if (!ghost) {
        if (Math.hypot(at.clientX - x0, at.clientY - y0) < DRAG) return;
        clearTimeout(this.#pressed);
        ghost = pile(amount);
        ghost.classList.add("pile--ghost");
        document.body.append(ghost);
      }
      ghost.style.transform = `translate(${at.clientX}px, ${at.clientY}px) translate(-50%, -50%)`;
      this.#hover(under(at));
    };
    const end = (at) => {
      if (at.pointerId !== event.pointerId) return;
      clearTimeout(this.#pressed);
      document.removeEventListener("pointermove", move);
      document.removeEventListener("pointerup", end);
      document.removeEventListener("pointercancel", end);
      if (!ghost) return;
      ghost.remove();
      this.light([]);
      if (at.type === "pointercancel") return;
      this.#swallowClick(0);
      dropped(under(at));
    };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", end);
    document.addEventListener("pointercancel", end);
  }

  #keys() {
    this.root.addEventListener("keydown", (event) => {
      const key = this.#keyAt(event.target);
      if (!key || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key in MOVES) this.#focus(this.#next(key, MOVES[event.key]), true);
      else if (event.key === "Delete" || event.key === "Backspace") {
        if (this.enabled()) this.wants.take(key, event.shiftKey);
      } else return;
      event.preventDefault();
    });
    this.root.addEventListener("focusin", (event) => event.target.matches(":focus-visible") && this.#hover(this.#keyAt(event.target)));
    this.root.addEventListener("focusout", () => this.light([]));
  }

  // One tab stop for the whole felt: the spot that was used last.
  #focus(key, move) {
    for (const { node } of this.#spots.values()) node.tabIndex = -1;
    const { node } = this.#spots.get(key);
    node.tabIndex = 0;
    if (move) node.focus();
  }

  // The nearest spot in a direction; straight ahead goes before slantwise.
  #next(key, [dx, dy]) {
    const onScreen = ({ u, v }) => (UPRIGHT.matches ? [5 - v, u] : [u, v]);
    const [x, y] = onScreen(this.#spots.get(key).at);
    let best = { key, cost: Infinity };
    for (const [other, { at }] of this.#spots) {
      const [ox, oy] = onScreen(at);
      const ahead = (ox - x) * dx + (oy - y) * dy;
      const aside = Math.abs((ox - x) * dy) + Math.abs((oy - y) * dx);
      const cost = ahead + 3 * aside;
      if (ahead > 0 && aside <= ahead * 1.5 && cost < best.cost) best = { key: other, cost };
    }
    return best.key;
  }
}
