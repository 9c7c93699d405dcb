// The list of open tables, moving as they open, fill and close.

import { coins, el, gameName, icon } from "imperio/core/format.js";
import { _ } from "imperio/core/i18n.js";
import { live } from "imperio/core/live.js";

const ICONS = { slots: "cherries", roulette: "wheel", blackjack: "spade" };
const nameOf = (game) => (game === "slots" ? _("Race") : gameName(game));

function state(room) {
  if (room.players.length >= room.max_players) return ["tag", _("Full: watch")];
  return room.status === "waiting" ? ["tag tag--good", _("Waiting")] : ["tag", _("Playing")];
}

function item(room) {
  const taken = room.players.length;
  const pips = Array.from({ length: room.max_players }, (none, seat) => el("i", { class: seat < taken ? "pip pip--taken" : "pip" }));
  const [kind, text] = state(room);
  const host = el("span", { class: "faint" }, _("hosted by %(name)s", { name: room.host }));
  const full = _("%(taken)s of %(seats)s seats taken", { taken, seats: room.max_players });
  return el("li", { "data-key": room.id },
    el("a", { class: "troom", href: `/tables/${encodeURIComponent(room.id)}` },
      el("span", { class: "troom__icon" }, icon(ICONS[room.game_type] ?? "table")),
      el("span", { class: "troom__name" }, el("strong", {}, nameOf(room.game_type)), host),
      el("span", { class: "troom__seats", "aria-label": full }, ...pips),
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
