// The page of achievements while one plays elsewhere: bars grow, and what is unlocked shows its seal.

import { api } from "imperio/core/api.js";
import { coins, el, when } from "imperio/core/format.js";
import { _ } from "imperio/core/i18n.js";
import { live } from "imperio/core/live.js";

const PAUSE = 1000; // at most one look at the house per second, however fast the rounds are

export default function achievements(list) {
  const words = document.querySelector("[data-done]");

  function unlock(item, at) {
    item.dataset.unlocked = "";
    item.querySelector(".honour__foot").replaceChildren(el("span", { class: "tag tag--gold" }, _("Unlocked")), when(at));
  }

  function show(progress) {
    for (const { type, current_value: current, target_value: target, unlocked } of progress) {
      const item = list.querySelector(`[data-key="${CSS.escape(type)}"]`);
      if (!item || "unlocked" in item.dataset) continue;
      if (unlocked) {
        unlock(item, new Date().toISOString());
        continue;
      }
      const value = Math.min(current, target);
      item.querySelector("progress").value = value;
      item.querySelector(".num:last-child").textContent = `${coins(current)} / ${coins(target)}`;
    }
    words.textContent = _("%(done)s of %(all)s are yours.", { done: progress.filter((one) => one.unlocked).length, all: progress.length });
  }

  let due = false;
  function look() {
    if (due) return;
    due = true;
    setTimeout(async () => {
      due = false;
      const answer = await api.get("/achievements/progress").catch(() => null); // the next round asks again
      if (answer) show(answer.progress);
    }, PAUSE);
  }

  // Every settled round moves coins, and so does every reward.
  live.on("balance", look);
}
