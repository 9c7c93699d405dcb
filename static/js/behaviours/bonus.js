// Takes the daily bonus without leaving the page.

import { api } from "imperio/core/api.js";
import { announce } from "imperio/core/announce.js";
import { setBalance } from "imperio/core/balance.js";
import { coins, el, icon, localTime } from "imperio/core/format.js";
import { _ } from "imperio/core/i18n.js";
import { play } from "imperio/core/sound.js";
import { toastError } from "imperio/core/toast.js";

export default function bonus(section) {
  const form = section.querySelector("form");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      const taken = await api.post("/bonus/daily", {});
      setBalance(taken.balance);
      play("chime");
      const mark = section.querySelector('[aria-current="step"]');
      if (mark) {
        mark.dataset.state = "claimed";
        mark.querySelector(".bonus__mark").replaceChildren(icon("check"));
      }
      button.textContent = _("Taken");
      button.classList.remove("btn--gold");
      const words = _("%(amount)s coins are yours. The next are ready from", { amount: coins(taken.amount) });
      const next = el("time", { datetime: taken.next_at, "data-local-time": true }, localTime(taken.next_at));
      section.querySelector("[data-bonus-text]").replaceChildren(words, " ", next, ".");
      announce(_("Daily bonus: %(amount)s coins", { amount: coins(taken.amount) }));
    } catch (error) {
      button.disabled = error.code === "already_claimed";
      toastError(error);
    }
  });
}
