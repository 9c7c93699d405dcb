// Who sits where: names in their colours, what they have staked, and what the host may do about them.

import { coinAmount, el, icon } from "imperio/core/format.js";
import { _ } from "imperio/core/i18n.js";

const STATUS = {
  ready: _("ready"), done: _("done"), sitting_out: _("sits out"), dropped: _("connection lost"), playing: _("in play"), left: _("has left"),
};

export const statusText = (status) => STATUS[status] ?? status;

// A seat's colour is its number; style sheets know data-seat.
export const badge = (seat) => el("span", { class: "seatmark", "data-seat": seat.seat, "aria-hidden": "true" }, seat.username[0].toUpperCase());

function person(seat, { host, me, kick }) {
  const name = el("span", { class: "people__name" }, seat.username, seat.username === me ? el("span", { class: "faint" }, ` ${_("(you)")}`) : null,
    seat.username === host ? el("span", { class: "tag tag--gold" }, icon("crown"), _("Host")) : null);
  const staked = seat.stake ? coinAmount(seat.stake) : null;
  const row = el("li", { class: seat.connected ? "people__one" : "people__one people__one--away" }, badge(seat), name, staked,
    el("span", { class: "faint small" }, statusText(seat.status)));
  if (host === me && seat.username !== me && seat.status !== "left") {
    const button = el("button", { type: "button", class: "btn btn--icon", "aria-label": _("Ask %(name)s to leave", { name: seat.username }), title: _("Ask to leave") }, icon("close"));
    button.addEventListener("click", () => kick(seat.username));
    row.append(button);
  }
  return row;
}

export function showPeople(list, seats, options) {
  list.replaceChildren(...(seats.length ? seats.map((seat) => person(seat, options)) : [el("li", { class: "faint" }, _("Nobody yet."))]));
}
