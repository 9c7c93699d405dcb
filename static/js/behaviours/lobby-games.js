// Keeps the game cards alive: the last big win as it happens, who plays and what came last every now and then.

import { coinAmount } from "imperio/core/format.js";
import { _ } from "imperio/core/i18n.js";
import { live } from "imperio/core/live.js";

const PAUSE = 30000; // between two looks at the lobby as it is now
const PARTS = [".game__now", ".game__last"];

export default function lobbyGames(list) {
  const card = (root, game) => root.querySelector(`[data-game="${CSS.escape(game)}"]`);

  const show = ({ game, amount }) => {
    const foot = card(list, game)?.querySelector(".game__foot");
    if (!foot) return;
    const edge = foot.lastElementChild;
    foot.replaceChildren(_("Last big win"), " ", coinAmount(amount, { gold: true }), edge);
  };

  async function look() {
    if (document.hidden) return;
    const answer = await fetch("/").catch(() => null);
    if (!answer?.ok) return; // the next look will do
    const now = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const old of list.querySelectorAll("[data-game]")) {
      const fresh = card(now, old.dataset.game);
      for (const part of PARTS) {
        const [before, after] = [old.querySelector(part), fresh?.querySelector(part)];
        if (after && !before.isEqualNode(after)) before.replaceWith(after);
      }
    }
  }

  live.listen("big_wins");
  live.on("big_wins_snapshot", ({ big_wins: wins }) => wins.toReversed().forEach(show));
  live.on("big_win_announcement", show);
  setInterval(look, PAUSE);
}
