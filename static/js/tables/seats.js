// Who sits where: names in their colours, what they have staked, and what the host may do about them.

import { coinAmount, el, icon } from "imperio/core/format.js";

const STATUS = { ready: "ready", done: "done", sitting_out: "sits out", dropped: "connection lost", playing: "in play", left: "has left" };

export const statusText = (status) => STATUS[status] ?? status;

// A seat's colour is its number; style sheets know data-seat.
export const badge = (seat) => el("span", { class: "seatmark", "data-seat": seat.seat, "aria-hidden": "true" }, seat.username[0].toUpperCase());

function person(seat, { host, me, kick }) {
  const name = el("span", { class: "people__name" }, seat.username, seat.username === me ? el("span", { class: "faint" }, " (you)") : null,
    seat.username === host ? el("span", { class: "tag tag--gold" }, icon("crown"), "Host") : null);
  const staked = seat.stake ? coinAmount(seat.stake) : null;
  const row = el("li", { class: seat.connected ? "people__one" : "people__one people__one--away" }, badge(seat), name, staked,
    el("span", { class: "faint small" }, statusText(seat.status)));
  if (host === me && seat.username !== me && seat.status !== "left") {
    const button = el("button", { type: "button", class: "btn btn--icon", "aria-label": `Ask ${seat.username} to leave`, title: "Ask to leave" }, icon("close"));
    button.addEventListener("click", () => kick(seat.username));
    row.append(button);
  }
  return row;
}

export function showPeople(list, seats, options) {
  list.replaceChildren(...(seats.length ? seats.map((seat) => person(seat, options)) : [el("li", { class: "faint" }, "Nobody yet.")]));
}
