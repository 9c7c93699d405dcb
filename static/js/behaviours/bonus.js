// Takes the daily bonus without leaving the page.

import { api } from "imperio/core/api.js";
import { announce } from "imperio/core/announce.js";
import { setBalance } from "imperio/core/balance.js";
import { coins, icon, when } from "imperio/core/format.js";
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
      const words = _("%(amount)s coins are yours. The next are ready", { amount: coins(taken.amount) });
      section.querySelector("[data-bonus-text]").replaceChildren(words, " ", when(taken.next_at), ".");
      announce(_("Daily bonus: %(amount)s coins", { amount: coins(taken.amount) }));
    } catch (error) {
      button.disabled = error.code === "already_claimed";
      toastError(error);
    }
  });
}
