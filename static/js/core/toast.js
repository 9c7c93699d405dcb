// Short news in the corner; they wait for the end of a running show and never cover the action.

import { el, icon } from "imperio/core/format.js";
import { _ } from "imperio/core/i18n.js";
import { whenFree } from "imperio/core/stage.js";

const MOST = 3;

// toast("Saved", { kind: "good"|"bad"|"gold", title, iconName, href, ms }); returns nothing.
export function toast(message, { kind = "plain", title = "", iconName, href, ms = 7000 } = {}) {
  whenFree(() => {
    const host = document.querySelector("[data-toasts]");
    if (!host) return;
    const names = { good: "check", bad: "alert", gold: "crown" };
    const text = el("p", {}, href ? el("a", { href }, message) : message);
    const close = el("button", { type: "button", class: "btn btn--icon", "aria-label": _("Dismiss") }, icon("close"));
    const body = el("div", {}, title ? el("p", { class: "toast__title" }, title) : null, text);
    const node = el("div", { class: `toast toast--${kind}` }, icon(iconName ?? names[kind] ?? "info"), body, close);
    let timer = 0;
    const leave = () => {
      clearTimeout(timer);
      node.classList.add("toast--leaving");
      setTimeout(() => node.remove(), 300);
    };
    const arm = () => {
      timer = setTimeout(leave, ms);
    };
    close.addEventListener("click", leave);
    for (const hold of ["pointerenter", "focusin"]) node.addEventListener(hold, () => clearTimeout(timer));
    for (const go of ["pointerleave", "focusout"]) node.addEventListener(go, arm);
    host.append(node);
    while (host.children.length > MOST) host.firstElementChild.remove();
    arm();
  });
}

// The same for anything an API call threw.
export function toastError(error) {
  toast(error.detail ?? _("Something went wrong. Nothing was lost; try again."), { kind: "bad" });
}
