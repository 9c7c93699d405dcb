// The lobby's ribbon of big wins: news enters on the left.

import { coinAmount, el, gameName, when } from "imperio/core/format.js";
import { live } from "imperio/core/live.js";

const MOST = 10;

export default function ticker(node) {
  const list = node.querySelector("ul");
  const make = ({ username, amount, game, at }) =>
    el("li", {}, el("span", { class: "ticker__who" }, username), coinAmount(amount, { gold: true }),
      el("span", { class: "faint" }, `${gameName(game)}, `, when(at)));
  live.listen("big_wins");
  live.on("big_wins_snapshot", ({ big_wins: wins }) => wins.length && list.replaceChildren(...wins.slice(0, MOST).map(make)));
  live.on("big_win_announcement", (win) => {
    const item = make(win);
    list.prepend(item);
    item.animate([{ opacity: 0, transform: "translateX(-1.5rem)" }, { opacity: 1, transform: "none" }], { duration: 500, easing: "ease-out" });
    while (list.children.length > MOST) list.lastElementChild.remove();
  });
}
