// How long this session has lasted.

import { clock } from "imperio/core/format.js";

export default function sessionClock(node) {
  const started = Date.parse(node.dataset.started);
  if (Number.isNaN(started)) return;
  const show = () => {
    node.textContent = clock((Date.now() - started) / 1000);
  };
  show();
  setInterval(show, 1000);
}
