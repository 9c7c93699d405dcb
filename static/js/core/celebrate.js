// Net gains are honoured: a burst from ten times the stake, a moment of its own from 500 coins. A return at or below the stake never is.

import { coins, el, icon } from "imperio/core/format.js";
import { _ } from "imperio/core/i18n.js";
import { reduced, tween, wait } from "imperio/core/motion.js";
import { play } from "imperio/core/sound.js";

const BURST_FACTOR = 10;
const MOMENT_PAYOUT = 500;
const COINS = 28;

let styled = null;

function style() {
  styled ??= new Promise((done) => {
    const href = document.documentElement.dataset.celebrate;
    if (!href) return done();
    const link = el("link", { rel: "stylesheet", href });
    link.addEventListener("load", done);
    link.addEventListener("error", done);
    document.head.append(link);
  });
  return styled;
}

// Coins fly up from `anchor` (an element) and fall.
export async function burst(anchor) {
  if (reduced()) return;
  await style();
  const box = anchor?.getBoundingClientRect() ?? { left: innerWidth / 2, top: innerHeight / 2, width: 0, height: 0 };
  const x = box.left + box.width / 2;
  const y = box.top + box.height / 2;
  const layer = el("div", { class: "burst", "aria-hidden": "true" });
  document.body.append(layer);
  const flights = Array.from({ length: COINS }, (_, i) => {
    const coin = layer.appendChild(el("i"));
    const angle = (i / COINS) * Math.PI * 2 + Math.random() * 0.4;
    const reach = 90 + Math.random() * 190;
    const [dx, dy] = [Math.cos(angle) * reach, Math.sin(angle) * reach - 120];
    const at = (px, py, turn, size) => `translate(${px}px, ${py}px) rotateY(${turn}deg) scale(${size})`;
    return coin.animate(
      [
        { transform: at(x, y, 0, 0.4), opacity: 1 },
        { transform: at(x + dx, y + dy, 540, 1), opacity: 1, offset: 0.5, easing: "cubic-bezier(.4,0,.9,.6)" },
        { transform: at(x + dx * 1.3, y + dy + 380, 1080, 0.8), opacity: 0 },
      ],
      { duration: 1300 + Math.random() * 500, easing: "cubic-bezier(.1,.7,.4,1)", fill: "both" },
    ).finished;
  });
  await Promise.allSettled(flights);
  layer.remove();
}

// The whole screen for one amount; any key, click or the button ends it.
export async function moment({ payout, title = _("A big win") }) {
  await style();
  const amount = el("p", { class: "moment__amount" }, coins(reduced() ? payout : 0));
  const crown = icon("logo", { class: "moment__crown", viewBox: "0 0 48 48" });
  const onward = el("button", { type: "button", class: "btn btn--gold btn--large" }, _("Go on"));
  const dialog = el("dialog", { class: "moment", "aria-label": _("%(title)s: %(amount)s coins", { title, amount: coins(payout) }) },
    el("div", { class: "stack" }, crown, el("p", { class: "title" }, title), amount, el("p", { class: "soft" }, _("coins")), onward));
  const skip = new AbortController();
  const closed = new Promise((done) => dialog.addEventListener("close", done, { once: true }));
  const end = () => {
    skip.abort();
    dialog.close();
  };
  dialog.addEventListener("click", end);
  document.body.append(dialog);
  dialog.showModal();
  if (!reduced()) tween({ to: payout, ms: 1600, signal: skip.signal, step: (value) => (amount.textContent = coins(Math.round(value))) });
  await Promise.race([closed, wait(6000)]);
  end();
  await closed;
  dialog.remove();
}

// Call it once with every settled round, after its show; resolves when the page is free again.
export async function celebrate({ stake, payout, anchor, title }) {
  if (payout <= stake) return;
  play("win");
  if (payout >= MOMENT_PAYOUT) {
    await moment({ payout, title });
    return;
  }
  if (payout >= stake * BURST_FACTOR) await burst(anchor);
}
