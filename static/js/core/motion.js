// Motion by transform and opacity, and none where the player asked for none.

const query = matchMedia("(prefers-reduced-motion: reduce)");
export const reduced = () => query.matches;

export const wait = (ms) => new Promise((done) => setTimeout(done, ms));
export const frame = () => new Promise((done) => requestAnimationFrame(done));

export const ease = {
  linear: (t) => t,
  out: (t) => 1 - (1 - t) ** 3,
  inOut: (t) => (t < 0.5 ? 4 * t ** 3 : 1 - (-2 * t + 2) ** 3 / 2),
  overshoot: (t) => 1 + 2.2 * (t - 1) ** 3 + 1.2 * (t - 1) ** 2,
};

// Calls step(value) each frame while value runs from `from` to `to`; resolves at the end.
// `signal` jumps to the end. A hidden tab has no frames, so a timer ends it there.
export function tween({ from = 0, to = 1, ms = 400, easing = ease.out, step, signal }) {
  if (ms <= 0 || signal?.aborted || document.hidden) {
    step(to);
    return Promise.resolve();
  }
  return new Promise((done) => {
    const start = performance.now();
    let handle = 0;
    const finish = () => {
      cancelAnimationFrame(handle);
      clearTimeout(timer);
      signal?.removeEventListener("abort", finish);
      step(to);
      done();
    };
    const timer = setTimeout(finish, ms + 250);
    signal?.addEventListener("abort", finish, { once: true });
    const tick = (now) => {
      const t = Math.min(1, Math.max(0, (now - start) / ms));
      if (t >= 1) return finish();
      step(from + (to - from) * easing(t));
      handle = requestAnimationFrame(tick);
    };
    handle = requestAnimationFrame(tick);
  });
}

// Moves the children of `parent` from where they are to where `change()` puts them (FLIP). `key(child)` names a child.
export function flip(parent, change, key = (child) => child.dataset.key) {
  const before = new Map(Array.from(parent.children, (child) => [key(child), child.getBoundingClientRect().top]));
  change();
  if (reduced()) return;
  for (const child of parent.children) {
    const old = before.get(key(child));
    const delta = old === undefined ? 0 : old - child.getBoundingClientRect().top;
    if (old === undefined) child.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 400 });
    else if (delta) child.animate([{ transform: `translateY(${delta}px)` }, { transform: "none" }], { duration: 450, easing: "cubic-bezier(.2,.7,.2,1)" });
  }
}
