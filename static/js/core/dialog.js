// A question that waits for its answer, on the <dialog> element.

import { el } from "imperio/core/format.js";
import { _ } from "imperio/core/i18n.js";

let count = 0;

// ask({ title, body: string | Node, actions: [{ label, value, kind }], dismissable = true }) -> Promise of the chosen value, or null.
// With `dismissable: false` Escape does not close it.
export function ask({ title, body, actions = [{ label: _("OK"), value: true, kind: "gold" }], dismissable = true }) {
  return new Promise((done) => {
    const id = `dialog-${++count}`;
    let answer = null;
    const buttons = actions.map(({ label, value, kind }) => {
      const button = el("button", { type: "button", class: kind ? `btn btn--${kind}` : "btn" }, label);
      button.addEventListener("click", () => {
        answer = value;
        dialog.close();
      });
      return button;
    });
    const content = typeof body === "string" ? el("p", {}, body) : body;
    const dialog = el("dialog", { class: "dialog", "aria-labelledby": id },
      el("h2", { id }, title),
      el("div", { class: "dialog__body" }, content),
      el("div", { class: "dialog__actions" }, ...buttons));
    dialog.addEventListener("cancel", (event) => dismissable || event.preventDefault());
    dialog.addEventListener("close", () => {
      if (answer === null && !dismissable) return dialog.showModal();
      dialog.remove();
      done(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

// confirm("Leave the table?", "Your seat is kept for 60 seconds.", "Leave") -> Promise<boolean>
export const confirm = async (title, body, label = _("OK"), kind = "gold") =>
  (await ask({ title, body, actions: [{ label: _("Cancel"), value: false }, { label, value: true, kind }] })) === true;
