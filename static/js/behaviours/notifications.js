// New notifications appear at the top; reading one needs no new page.

import { api } from "imperio/core/api.js";
import { el, icon, when } from "imperio/core/format.js";
import { _, ngettext } from "imperio/core/i18n.js";
import { live } from "imperio/core/live.js";
import { toastError } from "imperio/core/toast.js";

const ICONS = { achievement_unlocked: "laurel", big_win: "crown", daily_bonus: "gift", promo: "star" };

function item(note) {
  const read = el("button", { class: "btn btn--icon", "aria-label": _("Mark “%(title)s” as read", { title: note.title }) }, icon("check"));
  const text = el("div", { class: "grow" },
    el("h2", {}, el("span", { class: "sr-only" }, _("New:"), " "), note.title), el("p", { class: "soft" }, note.message), el("p", { class: "faint" }, when(note.created_at)));
  const form = el("form", { method: "post", action: `/notifications/${encodeURIComponent(note.id)}/read` }, read);
  return el("li", { class: "note", "data-key": note.id, "data-new": true }, icon(ICONS[note.type] ?? "bell"), text, form);
}

function markRead(note) {
  delete note.dataset.new;
  note.querySelector("h2 .sr-only")?.remove();
  note.querySelector("form")?.remove();
}

export default function notifications(list) {
  const words = document.querySelector("[data-unread-words]");
  const readAll = document.querySelector("[data-read-all]");
  const find = (id) => list.querySelector(`[data-key="${CSS.escape(id)}"]`);

  function put(note) {
    list.querySelector("[data-empty]")?.remove();
    if (!find(note.id)) list.prepend(item(note));
  }

  // The newest as the house has them: something was missed, or read in another tab or browser.
  async function catchUp() {
    const { notifications: newest } = await api.get("/notifications?limit=50");
    for (const note of newest.toReversed()) {
      if (note.read) {
        const known = find(note.id);
        if (known) markRead(known);
      } else put(note);
    }
  }

  document.addEventListener("imperio:notification", ({ detail: note }) => put(note));
  live.on("resync", () => catchUp().catch(() => {}));
  live.on("unread_count", ({ unread_count: count }) => {
    words.textContent = count ? ngettext("%(num)s is new.", "%(num)s are new.", count) : _("You have seen everything.");
    readAll.hidden = count === 0;
    const fresh = list.querySelectorAll("[data-new]");
    if (count === 0) fresh.forEach(markRead);
    else if (fresh.length > count) catchUp().catch(() => {});
  });
  list.addEventListener("submit", async (event) => {
    event.preventDefault();
    const note = event.target.closest("[data-key]");
    try {
      await api.post(`/notifications/${encodeURIComponent(note.dataset.key)}/read`);
      markRead(note);
    } catch (error) {
      toastError(error);
    }
  });
}
