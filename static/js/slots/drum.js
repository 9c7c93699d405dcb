// A reel: a true cylinder of 32 symbols that turns about its axle.

import { el } from "imperio/core/format.js";

const NAMES = { c: "cherry", a: "apple", b: "banana", l: "lemon" };
const SVG = "http://www.w3.org/2000/svg";
const SPEED = 25; // symbols a second, slow enough that the eye follows a symbol
const OVERSHOOT = 0.32; // symbols past the stop, taken back
const UP = 0.35; // seconds: to full speed
const CHANGE = 0.3; // from that to the speed that meets the stop in time
const DOWN = 0.55; // to a standstill behind the stop
const BACK = 0.26; // and back to it

const mod = (n, m) => ((n % m) + m) % m;
const smooth = (t) => t * t * (3 - 2 * t);

function face(sprite, letter, index) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("viewBox", "0 0 100 100");
  use.setAttribute("href", `${sprite}#${NAMES[letter]}`);
  svg.append(use);
  const node = el("div", { class: "drum__face", "data-symbol": NAMES[letter], "data-index": index });
  node.append(svg);
  return node;
}

// The symbol passes the line at position `index`; symbols fall, so the position runs down while the reel turns.
export class Drum {
  #strip;
  #position;
  #speed = 0;
  #plan = null;
  #since = 0;
  #last = null;

  constructor(root, sprite) {
    this.root = root;
    this.#strip = root.dataset.strip;
    this.#position = Number(root.dataset.stop);
    this.step = 360 / this.#strip.length;
    this.node = el("div", { class: "drum", "aria-hidden": "true" });
    this.faces = Array.from(this.#strip, (letter, index) => face(sprite, letter, index));
    this.faces.forEach((node, index) => node.style.setProperty("--turn", `${-index * this.step}deg`));
    this.node.append(...this.faces);
    root.querySelector("[data-still]").replaceWith(this.node);
    this.#write();
    this.lift(root.classList.contains("reel--paid"));
  }

  get size() {
    return this.#strip.length;
  }

  symbol(stop) {
    return NAMES[this.#strip[stop]];
  }

  // Begins to turn; `now` in seconds.
  start(now) {
    this.#plan = null;
    this.#since = now;
    this.#speed = 0;
  }

  // Decides how to stand on `stop` at the time `end`. Until then the reel keeps turning.
  land(stop, now, end) {
    const from = this.#position;
    const speed = this.#speed;
    const hold = Math.max(0, end - now - CHANGE - DOWN - BACK);
    const weight = CHANGE / 2 + hold + DOWN / 2; // distance = speed·CHANGE/2 + cruise·weight
    const least = mod(from - stop, this.size) + OVERSHOOT - (speed * CHANGE) / 2;
    const turns = Math.max(0, Math.round((SPEED * weight - least) / this.size));
    let cruise = (least + turns * this.size) / weight;
    if (cruise < SPEED / 4) cruise += this.size / weight;
    this.#plan = { stop, from, speed, cruise, hold, start: now };
  }

  // Moves to where the reel is at `now`; false when it stands.
  move(now) {
    const travelled = this.#plan ? this.#along(now - this.#plan.start) : null;
    if (travelled === null) {
      const last = this.#last ?? this.#since;
      this.#speed = SPEED * Math.min(1, (now - this.#since) / UP);
      this.#position -= this.#speed * Math.max(0, now - last);
      this.#last = now;
    } else {
      this.#last = null;
      this.#position = this.#plan.from - travelled.distance;
      if (travelled.done) {
        this.stand(this.#plan.stop);
        return false;
      }
    }
    this.#write();
    return true;
  }

  // Puts the reel on a stop at once.
  stand(stop) {
    this.#position = stop;
    this.#plan = null;
    this.#last = null;
    this.root.dataset.stop = stop;
    this.#write();
  }

  lift(on) {
    this.root.classList.toggle("reel--paid", on);
    this.faces.forEach((node, index) => node.classList.toggle("drum__face--lifted", on && index === Number(this.root.dataset.stop)));
  }

  #along(t) {
    const { speed, cruise, hold } = this.#plan;
    let [distance, left] = [0, t];
    const change = Math.min(left, CHANGE);
    distance += speed * change + ((cruise - speed) * change * change) / (2 * CHANGE);
    left -= change;
    const even = Math.min(left, hold);
    distance += cruise * even;
    left -= even;
    const down = Math.min(left, DOWN);
    distance += cruise * (down - (down * down) / (2 * DOWN));
    left -= down;
    const back = Math.min(1, left / BACK);
    if (left > 0) distance -= OVERSHOOT * smooth(back);
    return { distance, done: back >= 1 };
  }

  #write() {
    this.node.style.transform = `translateZ(calc(var(--drum-radius) * -1)) rotateX(${this.#position * this.step}deg)`;
  }
}
