// Keeps the last big win of each game card fresh.

import { coinAmount } from "imperio/core/format.js";
import { _ } from "imperio/core/i18n.js";
import { live } from "imperio/core/live.js";

export default function lobbyGames(list) {
  const show = ({ game, amount }) => {
    const foot = list.querySelector(`[data-game="${CSS.escape(game)}"] .game__foot`);
    if (!foot) return;
    const edge = foot.lastElementChild;
    foot.replaceChildren(_("Last big win"), " ", coinAmount(amount, { gold: true }), edge);
  };
  live.listen("big_wins");
  live.on("big_wins_snapshot", ({ big_wins: wins }) => wins.toReversed().forEach(show));
  live.on("big_win_announcement", show);
}
