// A board that moves: rows glide to their new places. data-metric, data-timeframe, data-rows, data-shape="list" | "table".

import { coins, el, signed } from "imperio/core/format.js";
import { live } from "imperio/core/live.js";
import { flip } from "imperio/core/motion.js";

const SIZES = [10, 25, 100];

export default function leaderboard(node) {
  const { metric, timeframe, shape } = node.dataset;
  const rows = Number(node.dataset.rows);
  const me = document.documentElement.dataset.player;
  const value = (amount) => (metric === "net_profit" ? signed(amount) : coins(amount));

  function make(username) {
    const link = el("a", { href: `/profiles/${encodeURIComponent(username)}` }, username);
    if (shape === "table") {
      const parts = [el("td", { class: "board__rank num" }), el("th", { scope: "row" }, link), el("td", { class: "num" })];
      return el("tr", { "data-key": username, class: username === me ? "is-me" : null }, ...parts);
    }
    return el("li", { "data-key": username }, el("span", { class: "board__rank num" }), link, el("span", { class: "num board__value" }));
  }

  function show(board) {
    const known = new Map(Array.from(node.children, (child) => [child.dataset.key, child]));
    flip(node, () => {
      const next = board.slice(0, rows).map((row) => {
        const item = known.get(row.username) ?? make(row.username);
        item.firstElementChild.textContent = row.rank;
        item.lastElementChild.textContent = value(row.value);
        return item;
      });
      node.replaceChildren(...next);
    });
  }

  let waiting = null;
  live.listen(`leaderboard:${metric}:${timeframe}:${SIZES.find((size) => size >= rows) ?? 100}`);
  live.on("leaderboard_update", (update) => {
    if (update.metric !== metric || update.timeframe !== timeframe) return;
    if (update.leaderboard.length === 0 && node.querySelector("[data-empty]")) return; // already says that nobody is here
    // At most one arrangement per frame, and none in a hidden tab.
    const first = waiting === null;
    waiting = update.leaderboard;
    if (first) requestAnimationFrame(() => {
      show(waiting);
      waiting = null;
    });
  });
}
