// The feed of big wins in the drawer; the player's own show stays untold until it has ended.

import { coinAmount, el, when } from "imperio/core/format.js";
import { live } from "imperio/core/live.js";
import { whenFree } from "imperio/core/stage.js";

const item = ({ username, amount, at }) => {
  const time = when(at);
  time.classList.add("faint", "feed__at");
  return el("li", {}, el("a", { class: "feed__who", href: `/profiles/${encodeURIComponent(username)}` }, username), coinAmount(amount, { gold: true }), time);
};

export default function bigWins(list) {
  const limit = Number(list.dataset.limit);
  live.listen("big_wins");
  live.on("big_wins_snapshot", ({ big_wins: wins }) => wins.length && list.replaceChildren(...wins.slice(0, limit).map(item)));
  live.on("big_win_announcement", (win) => whenFree(() => {
    list.querySelector("[data-empty]")?.remove();
    const first = item(win);
    list.prepend(first);
    first.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 500 });
    while (list.children.length > limit) list.lastElementChild.remove();
  }));
}
