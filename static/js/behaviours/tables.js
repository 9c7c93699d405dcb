// The list of open tables, moving as they open, fill and close.

import { coins, el, gameName, icon } from "imperio/core/format.js";
import { live } from "imperio/core/live.js";

const ICONS = { slots: "cherries", roulette: "wheel", blackjack: "spade" };
const nameOf = (game) => (game === "slots" ? "Race" : gameName(game));

function state(room) {
  if (room.players.length >= room.max_players) return ["tag", "Full: watch"];
  return room.status === "waiting" ? ["tag tag--good", "Waiting"] : ["tag", "Playing"];
}

function item(room) {
  const taken = room.players.length;
  const pips = Array.from({ length: room.max_players }, (_, seat) => el("i", { class: seat < taken ? "pip pip--taken" : "pip" }));
  const [kind, text] = state(room);
  return el("li", { "data-key": room.id },
    el("a", { class: "troom", href: `/tables/${encodeURIComponent(room.id)}` },
      el("span", { class: "troom__icon" }, icon(ICONS[room.game_type] ?? "table")),
      el("span", { class: "troom__name" }, el("strong", {}, nameOf(room.game_type)), el("span", { class: "faint" }, `hosted by ${room.host}`)),
      el("span", { class: "troom__seats", "aria-label": `${taken} of ${room.max_players} seats taken` }, ...pips),
      el("span", { class: "num faint troom__stakes" }, `${coins(room.min_stake)}–${coins(room.max_stake)}`),
      el("span", { class: kind }, text)));
}

export default function tables(list) {
  const { game } = list.dataset;
  const none = list.querySelector("[data-empty]");
  const find = (id) => list.querySelector(`[data-key="${CSS.escape(id)}"]`);
  const tidy = () => {
    none.hidden = list.querySelector("[data-key]") !== null;
  };
  const put = (room) => {
    if (game && room.game_type !== game) return;
    const known = find(room.id);
    if (known) known.replaceWith(item(room));
    else list.prepend(item(room));
    tidy();
  };
  live.listen("lobby");
  live.on("lobby_snapshot", ({ rooms }) => {
    list.replaceChildren(...rooms.filter((room) => !game || room.game_type === game).map(item), none);
    tidy();
  });
  live.on("room_opened", put);
  live.on("room_changed", put);
  live.on("room_closed", ({ id }) => {
    find(id)?.remove();
    tidy();
  });
}
