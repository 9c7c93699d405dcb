// The show of a spin: three reels start together and stop left to right.

import { _ } from "imperio/core/i18n.js";
import { reduced, wait } from "imperio/core/motion.js";
import { play as sound } from "imperio/core/sound.js";
import { Drum } from "imperio/slots/drum.js";
import { FRUITS } from "imperio/slots/fruits.js";

const SHOW = 2600; // milliseconds from the first move to the last stop, at least
const BETWEEN = 420; // between two stops
const SOONEST = 1300; // from the answer to the first stop

const seconds = () => performance.now() / 1000;

// How many reels of a paytable row's line count.
export const paidReels = (combination) => (combination?.startsWith("two_") ? 2 : 3);

export class Machine {
  constructor(reels) {
    this.reels = reels;
    this.drums = Array.from(reels.querySelectorAll("[data-reel]"), (reel) => new Drum(reel, reels.dataset.fruits));
    reels.classList.add("reels--live");
  }

  // Turns the reels until `answer` (a promise of three stops) says where they stand. Rejects with it, reels put back.
  async spin(answer) {
    this.calm();
    const before = this.drums.map((drum) => Number(drum.root.dataset.stop));
    const began = performance.now();
    const still = reduced() || document.hidden;
    const turning = still ? this.#fade() : this.#turn();
    try {
      const stops = await answer;
      const left = Math.max(SHOW - (performance.now() - began), SOONEST + 2 * BETWEEN);
      await turning.land(stops, left);
    } catch (error) {
      turning.stop();
      this.stand(before);
      throw error;
    }
    this.drums.forEach((drum, index) => this.#name(drum, index));
  }

  stand(stops) {
    this.drums.forEach((drum, index) => {
      drum.stand(stops[index]);
      this.#name(drum, index);
    });
  }

  // Draws the line and lifts the symbols of a paid row.
  honour(combination) {
    this.reels.classList.add("reels--won");
    this.drums.slice(0, paidReels(combination)).forEach((drum) => drum.lift(true));
  }

  calm() {
    this.reels.classList.remove("reels--won");
    this.drums.forEach((drum) => drum.lift(false));
  }

  #name(drum, index) {
    const symbol = FRUITS[drum.symbol(Number(drum.root.dataset.stop))];
    drum.root.setAttribute("aria-label", _("Reel %(number)s: %(symbol)s", { number: index + 1, symbol }));
  }

  #turn() {
    const running = new Set(this.drums);
    let handle = 0;
    let landed = null;
    let done;
    const over = new Promise((resolve) => (done = resolve));
    const step = () => {
      const now = seconds();
      for (const drum of running) {
        if (drum.move(now)) continue;
        running.delete(drum);
        sound("stop");
      }
      if (running.size) handle = requestAnimationFrame(step);
      else done();
    };
    const stop = () => {
      cancelAnimationFrame(handle);
      clearTimeout(landed);
      done();
    };
    this.drums.forEach((drum) => drum.start(seconds()));
    handle = requestAnimationFrame(step);
    return {
      stop,
      land: async (stops, left) => {
        const now = seconds();
        const last = this.drums.length - 1;
        this.drums.forEach((drum, index) => drum.land(stops[index], now, now + (left - (last - index) * BETWEEN) / 1000));
        // A tab in the background has no frames; the spin ends there all the same.
        landed = setTimeout(() => {
          stop();
          this.drums.forEach((drum, index) => drum.stand(stops[index]));
        }, left + 500);
        await over;
        clearTimeout(landed);
      },
    };
  }

  // The same without motion: the reels fade out together and come back one by one.
  #fade() {
    const fade = (drum, on) => drum.root.classList.toggle("reel--faded", on);
    this.drums.forEach((drum) => fade(drum, true));
    return {
      stop: () => this.drums.forEach((drum) => fade(drum, false)),
      land: async (stops, left) => {
        await wait(left - 2 * BETWEEN);
        for (const [index, drum] of this.drums.entries()) {
          if (index) await wait(BETWEEN);
          drum.stand(stops[index]);
          fade(drum, false);
          sound("stop");
        }
      },
    };
  }
}
