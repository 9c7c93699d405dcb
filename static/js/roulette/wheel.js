// The wheel's show: the rotor turns one way, the ball runs the other, falls and comes to rest in a given pocket.

import { _ } from "imperio/core/i18n.js";
import { reduced, wait } from "imperio/core/motion.js";
import { play as sound } from "imperio/core/sound.js";
import { COLOURS, colourOf } from "imperio/roulette/layout.js";

const ROTOR = 52; // degrees a second
const BALL = 860; // degrees a second against the rotor, until it slows down
const RUN = 3.7; // seconds from the answer until the ball lies still, about
const REST = 0.9; // the rotor comes to a stop after that
const LEAST = 2600; // milliseconds of show
const TRACK = 90; // where the ball runs and where it lies; the wheel's radius is 100
const POCKET = 57.5;
const FALL = 0.7; // share of the run after which the ball leaves the track

const mod = (n, m) => ((n % m) + m) % m;
const hop = (q, middle, half, height) => height * (1 - ((q - middle) / half) ** 2);

// How far above its pocket the ball is, 1 to 0, with two hops.
function height(share) {
  const q = (share - FALL) / (0.97 - FALL);
  if (q <= 0) return 1;
  if (q < 0.45) return 1 - (q / 0.45) ** 2;
  if (q < 0.77) return hop(q, 0.61, 0.16, 0.34);
  return q < 1 ? hop(q, 0.885, 0.115, 0.12) : 0;
}

export class Wheel {
  #turn = 0; // of the rotor
  #ball = 0; // against the rotor
  #radius = POCKET;

  constructor(root) {
    this.root = root;
    this.rotor = root.querySelector("[data-rotor]");
    this.arm = root.querySelector("[data-arm]");
    this.lift = root.querySelector("[data-lift]");
    this.order = Array.from(this.rotor.querySelectorAll("[data-number]"), (node) => Number(node.dataset.number));
    root.querySelector("[data-still]")?.remove();
    if (root.dataset.pocket !== undefined) this.#lay(Number(root.dataset.pocket));
  }

  // Turns until `answer` (a promise of the pocket) says where the ball ends. Rejects with it, the wheel put back.
  async spin(answer) {
    const before = this.root.dataset.pocket;
    this.root.setAttribute("aria-label", _("The wheel is turning"));
    const show = reduced() || document.hidden ? this.#fade() : this.#run();
    try {
      const pocket = await answer;
      await show.land(pocket);
      this.#lay(pocket);
    } catch (error) {
      show.stop();
      if (before === undefined) this.arm.hidden = true;
      else this.#lay(Number(before));
      throw error;
    }
  }

  #angle(pocket) {
    return (this.order.indexOf(pocket) * 360) / this.order.length;
  }

  #lay(pocket) {
    this.#ball = this.#angle(pocket);
    this.#radius = POCKET;
    this.arm.hidden = false;
    this.root.dataset.pocket = pocket;
    this.root.setAttribute("aria-label", _("The ball lies in %(number)s %(colour)s", { number: pocket, colour: COLOURS[colourOf(pocket)] }));
    this.#write();
  }

  #write() {
    this.rotor.style.transform = `rotate(${this.#turn}deg)`;
    this.arm.style.transform = `rotate(${this.#turn + this.#ball}deg)`;
    this.lift.style.transform = `translateY(${-this.#radius / 2}%)`;
  }

  #run() {
    let [last, speed, plan, handle, knocks, guard] = [performance.now(), 0, null, 0, 0, 0];
    let done;
    const over = new Promise((resolve) => (done = resolve));
    this.arm.hidden = false;
    this.#radius = TRACK;
    const step = (now) => {
      const passed = Math.min(0.1, Math.max(0, (now - last) / 1000));
      last = now;
      const t = plan ? (now - plan.start) / 1000 : 0;
      const braking = plan && t > plan.time;
      speed = braking ? Math.max(0, ROTOR * (1 - (t - plan.time) / REST)) : Math.min(ROTOR, speed + passed * 90);
      this.#turn += speed * passed;
      if (!plan) this.#ball -= BALL * passed;
      else {
        const s = Math.min(t, plan.time);
        this.#ball = plan.from - BALL * (s - (s * s) / (2 * plan.time));
        this.#radius = POCKET + (TRACK - POCKET) * height(s / plan.time);
        const knock = [0.82, 0.9, 0.97].filter((share) => s / plan.time >= share).length;
        if (knock > knocks) sound(knock === 3 ? "stop" : "tick");
        knocks = knock;
      }
      this.#write();
      if (plan && t >= plan.time + REST) done();
      else handle = requestAnimationFrame(step);
    };
    handle = requestAnimationFrame(step);
    const stop = () => {
      cancelAnimationFrame(handle);
      clearTimeout(guard);
      done();
    };
    return {
      stop,
      land: async (pocket) => {
        // The way is chosen so that the ball slows evenly from its present speed into the pocket.
        const short = mod(this.#ball - this.#angle(pocket), 360);
        const way = short + 360 * Math.round(((BALL * RUN) / 2 - short) / 360);
        plan = { from: this.#ball, time: (2 * way) / BALL, start: performance.now() };
        // A tab in the background has no frames; the spin ends there all the same.
        guard = setTimeout(stop, (plan.time + REST) * 1000 + 500);
        await over;
        clearTimeout(guard);
      },
    };
  }

  // The same without motion.
  #fade() {
    const began = performance.now();
    this.root.classList.add("wheel--faded");
    const stop = () => this.root.classList.remove("wheel--faded");
    return {
      stop,
      land: async (pocket) => {
        await wait(LEAST - (performance.now() - began));
        this.#lay(pocket);
        stop();
      },
    };
  }
}
