// Every so many minutes of play: time and net position, in a dialog that must be answered.

import { ask } from "imperio/core/dialog.js";
import { clock, el } from "imperio/core/format.js";
import { _ } from "imperio/core/i18n.js";
import { whenFree } from "imperio/core/stage.js";

const KEY = "imperio:reality-check";

export default function realityCheck(node) {
  const period = Number(node.dataset.minutes) * 60_000;
  const started = Date.parse(node.dataset.started);
  if (!(period > 0) || Number.isNaN(started)) return;
  let asking = false;

  // The end of the period that was last acknowledged; shared by all tabs and kept over pages.
  const acknowledged = () => {
    const [session, at] = (localStorage.getItem(KEY) ?? "").split("|");
    return session === node.dataset.started ? Number(at) : started;
  };

  const check = () => {
    if (asking || Date.now() - acknowledged() < period) return;
    asking = true;
    whenFree(async () => {
      const net = document.querySelector("[data-net-position]")?.textContent ?? "0";
      const body = el("dl", { class: "keys" },
        el("dt", {}, _("You have been here for")), el("dd", { class: "num" }, clock((Date.now() - started) / 1000)),
        el("dt", {}, _("Net position")), el("dd", { class: "num" }, _("%(amount)s coins", { amount: net })));
      const choice = await ask({
        title: _("A moment to look up"),
        body,
        dismissable: false,
        actions: [{ label: _("Take a break"), value: "break" }, { label: _("Stay"), value: "stay", kind: "gold" }],
      });
      localStorage.setItem(KEY, `${node.dataset.started}|${Date.now()}`);
      asking = false;
      if (choice === "break") location.assign("/limits#break");
    });
  };
  check();
  setInterval(check, 5000);
}
