// Takes the daily bonus without leaving the page.

import { api } from "imperio/core/api.js";
import { announce } from "imperio/core/announce.js";
import { setBalance } from "imperio/core/balance.js";
import { ago, coins, icon } from "imperio/core/format.js";
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
      button.textContent = "Taken";
      button.classList.remove("btn--gold");
      section.querySelector("[data-bonus-text]").textContent = `${coins(taken.amount)} coins are yours. The next bonus comes ${ago(taken.next_at)}.`;
      announce(`Daily bonus: ${coins(taken.amount)} coins`);
    } catch (error) {
      button.disabled = error.code === "already_claimed";
      toastError(error);
    }
  });
}
