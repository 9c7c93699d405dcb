// Open tables as they open, fill and close.

import { el, gameName, icon } from "imperio/core/format.js";
import { _ } from "imperio/core/i18n.js";
import { live } from "imperio/core/live.js";

const ICONS = { slots: "cherries", roulette: "wheel", blackjack: "spade" };
const MOST = 5;

function item(room) {
  const waiting = room.status === "waiting";
  const host = el("span", { class: "faint" }, _("hosted by %(name)s", { name: room.host }));
  const name = el("span", { class: "grow" }, el("strong", {}, gameName(room.game_type)), " ", host);
  const state = el("span", { class: waiting ? "tag tag--good" : "tag" }, waiting ? _("Seats free") : _("Playing"));
  const link = el("a", { class: "room", href: `/tables/${encodeURIComponent(room.id)}` },
    icon(ICONS[room.game_type] ?? "table"), name, el("span", { class: "num" }, `${room.players.length} / ${room.max_players}`), state);
  return el("li", { "data-key": room.id }, link);
}

export default function lobbyRooms(list) {
  const none = list.querySelector("[data-empty]");
  const find = (id) => list.querySelector(`[data-key="${CSS.escape(id)}"]`);
  const tidy = () => {
    const rooms = list.querySelectorAll("[data-key]");
    rooms.forEach((room, index) => {
      room.hidden = index >= MOST;
    });
    none.hidden = rooms.length > 0;
  };
  const put = (room) => {
    const known = find(room.id);
    if (known) known.replaceWith(item(room));
    else list.prepend(item(room));
    tidy();
  };
  live.listen("lobby");
  live.on("lobby_snapshot", ({ rooms }) => {
    list.replaceChildren(...rooms.map(item), none);
    tidy();
  });
  live.on("room_opened", put);
  live.on("room_changed", put);
  live.on("room_closed", (room) => {
    find(room.id ?? room.room_id)?.remove();
    tidy();
  });
}
