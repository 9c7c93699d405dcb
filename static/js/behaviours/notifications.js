// New notifications appear at the top; reading one needs no new page.

import { api } from "imperio/core/api.js";
import { el, icon, when } from "imperio/core/format.js";
import { toastError } from "imperio/core/toast.js";

const ICONS = { achievement_unlocked: "laurel", big_win: "crown", daily_bonus: "gift", promo: "star" };

function item(note) {
  const read = el("button", { class: "btn btn--icon", "aria-label": `Mark “${note.title}” as read` }, icon("check"));
  const text = el("div", { class: "grow" },
    el("h2", {}, el("span", { class: "sr-only" }, "New: "), note.title), el("p", { class: "soft" }, note.message), el("p", { class: "faint" }, when(note.created_at)));
  const form = el("form", { method: "post", action: `/notifications/${encodeURIComponent(note.id)}/read` }, read);
  return el("li", { class: "note", "data-key": note.id, "data-new": true }, icon(ICONS[note.type] ?? "bell"), text, form);
}

export default function notifications(list) {
  document.addEventListener("imperio:notification", ({ detail: note }) => {
    list.querySelector("[data-empty]")?.remove();
    if (!list.querySelector(`[data-key="${CSS.escape(note.id)}"]`)) list.prepend(item(note));
  });
  list.addEventListener("submit", async (event) => {
    event.preventDefault();
    const note = event.target.closest("[data-key]");
    try {
      await api.post(`/notifications/${encodeURIComponent(note.dataset.key)}/read`);
      delete note.dataset.new;
      note.querySelector("h2 .sr-only")?.remove();
      event.target.remove();
    } catch (error) {
      toastError(error);
    }
  });
}
