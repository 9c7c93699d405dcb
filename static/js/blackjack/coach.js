// Names the basic-strategy play when it is asked for. The advice comes from the server: one strategy, in one place.

import { api } from "imperio/core/api.js";
import { el } from "imperio/core/format.js";
import { _ } from "imperio/core/i18n.js";
import { ACTIONS } from "imperio/blackjack/words.js";

const KEY = "imperio:coach";

export function createCoach(root) {
  const box = root.querySelector("[data-coach]");
  const line = box.querySelector("[data-advice]");
  let asked = 0;

  function mark(action) {
    for (const button of root.querySelectorAll("[data-action]")) button.toggleAttribute("data-advised", button.dataset.action === action);
  }

  // Asks about an open round; forgets the last advice otherwise.
  async function consult(round) {
    const turn = ++asked;
    mark(null);
    if (!box.open || round?.status !== "open") {
      line.textContent = _("Names the basic-strategy play when it is your move.");
      return;
    }
    try {
      const { action } = await api.get("/games/blackjack/rounds/current/advice");
      if (turn !== asked) return;
      line.replaceChildren(_("Basic strategy:"), " ", el("strong", {}, ACTIONS[action]));
      mark(action);
    } catch {
      if (turn === asked) line.textContent = _("The coach cannot be reached just now.");
    }
  }

  // Starts remembering whether the coach is wanted; `current()` answers the round in play.
  function remember(current) {
    box.open = localStorage.getItem(KEY) === "on";
    box.addEventListener("toggle", () => {
      localStorage.setItem(KEY, box.open ? "on" : "off");
      consult(current());
    });
  }

  return { consult, remember };
}
