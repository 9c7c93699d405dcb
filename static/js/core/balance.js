// The balance and the net position in the top bar. Coins count up and down; news waits while a round is being shown.

import { coins, signed } from "imperio/core/format.js";
import { reduced, tween } from "imperio/core/motion.js";
import { whenFree } from "imperio/core/stage.js";

const nodes = () => document.querySelectorAll("[data-balance]");
let shown = Number(document.querySelector("[data-balance]")?.dataset.balance ?? 0);
let actual = shown;
let running = null;

// The balance the server told last, in coins.
export const balance = () => actual;

function write(amount) {
  shown = Math.round(amount);
  for (const node of nodes()) (node.querySelector("[data-balance-text]") ?? node).textContent = coins(shown);
}

// Shows a new balance at once, also in the middle of a show (a stake leaving, a result told).
export function setBalance(amount, { ms = 700 } = {}) {
  if (!Number.isInteger(amount)) return;
  actual = amount;
  for (const node of nodes()) node.dataset.balance = amount;
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  const from = shown;
  if (from === amount) return;
  tween({ from, to: amount, ms: reduced() ? 0 : ms, signal, step: (value) => signal.aborted || write(value) });
  document.dispatchEvent(new CustomEvent("imperio:balance-shown", { detail: { balance: amount } }));
}

// Adds a settled round's net result to the session's net position.
export function addNet(net) {
  const node = document.querySelector("[data-net-position]");
  if (!node) return;
  const sum = Number(node.dataset.netPosition) + net;
  node.dataset.netPosition = sum;
  node.textContent = signed(sum);
}

// The whole ending of a round: balance and net position together.
export function settle({ balance: amount, net }) {
  setBalance(amount);
  addNet(net);
}

let latest = null;

// A balance from the stream: shown when no round is on stage; only the newest matters.
export function hearBalance(amount) {
  latest = amount;
  whenFree(() => {
    if (latest === null) return;
    setBalance(latest);
    latest = null;
  });
}

document.addEventListener("imperio:balance", ({ detail }) => hearBalance(detail.balance));
