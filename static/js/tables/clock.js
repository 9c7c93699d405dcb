// The clock of a table, by the house's time.

export class TableClock {
  #offset;
  #deadline = null;
  #length = 1;
  #timer = 0;

  // `now`: the house's time when the page was made.
  constructor(root, now) {
    this.text = root.querySelector("[data-clock]");
    this.bar = root.querySelector("[data-time]");
    this.#offset = Date.parse(now) - Date.now();
  }

  // Milliseconds until the deadline; null without one.
  get left() {
    return this.#deadline === null ? null : this.#deadline - Date.now() - this.#offset;
  }

  // A phase of known length has begun this very moment: the best look at the house's clock there is.
  begins(deadline, seconds) {
    this.#offset = Date.parse(deadline) - seconds * 1000 - Date.now();
  }

  run(deadline, seconds) {
    this.#deadline = deadline ? Date.parse(deadline) : null;
    this.#length = seconds * 1000;
    clearInterval(this.#timer);
    this.#write();
    if (this.#deadline !== null) this.#timer = setInterval(() => this.#write(), 250);
  }

  #write() {
    const { left } = this;
    this.text.textContent = left === null ? "" : `${Math.max(0, Math.ceil(left / 1000))} s`;
    const share = left === null ? 0 : Math.min(1, Math.max(0, left / this.#length));
    this.bar.style.transform = `scaleX(${share})`;
    this.bar.classList.toggle("is-short", left !== null && left < 5000 && this.#length > 8000);
    if (left !== null && left <= 0) clearInterval(this.#timer);
  }
}
