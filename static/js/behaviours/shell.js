// What the shell does on every page: live dot, balance, badge, toasts, times, drawer, offline band, forms.

import { api } from "imperio/core/api.js";
import { hearBalance } from "imperio/core/balance.js";
import { ago, exactTime, localTime } from "imperio/core/format.js";
import { _ } from "imperio/core/i18n.js";
import { live } from "imperio/core/live.js";
import { toast } from "imperio/core/toast.js";

const WORDS = { connecting: _("Connecting"), open: _("Live"), away: _("Not live: coming back") };

function liveDot() {
  const dot = document.querySelector("[data-live-dot]");
  if (!dot) return;
  const show = (state) => {
    if (state === "open") dot.hidden = false; // a page without topics may come to listen later
    dot.dataset.state = state;
    dot.querySelector(".live__text").textContent = WORDS[state];
  };
  live.onState(show);
  // The stream itself notices only after a while.
  addEventListener("offline", () => show("away"));
  addEventListener("online", () => show(live.state));
}

function unread() {
  live.on("unread_count", ({ unread_count: count }) => {
    for (const badge of document.querySelectorAll("[data-unread]")) {
      badge.textContent = count > 99 ? "99+" : count;
      badge.hidden = count === 0;
    }
  });
}

const KINDS = { achievement_unlocked: ["gold", "laurel"], big_win: ["gold", "crown"], daily_bonus: ["gold", "gift"] };

function news() {
  live.on("new_notification", (notification) => {
    document.dispatchEvent(new CustomEvent("imperio:notification", { detail: notification }));
    const [kind, iconName] = KINDS[notification.type] ?? ["plain", "bell"];
    if (!document.hidden) toast(notification.message, { kind, iconName, title: notification.title, href: "/notifications" });
  });
  live.on("announcement", ({ title, message, level }) => toast(message, { title, kind: level === "warning" ? "bad" : "plain", ms: 15000 }));
}

// Times in the reader's own zone and language; "3 min ago" stays true while the page is open.
function times() {
  const refresh = () => {
    for (const node of document.querySelectorAll("time[datetime]")) {
      if (node.hasAttribute("data-local-time")) node.textContent = localTime(node.dateTime);
      else if (node.title) {
        node.title = exactTime(node.dateTime);
        node.textContent = ago(node.dateTime);
      }
    }
  };
  refresh();
  setInterval(refresh, 30000);
}

function offline() {
  const band = document.querySelector("[data-offline]");
  const show = () => {
    band.hidden = navigator.onLine;
  };
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}

function drawer() {
  const toggle = document.querySelector("[data-drawer-toggle]");
  const panel = document.getElementById("drawer");
  if (!toggle || !panel) return;
  const root = document.documentElement;
  const wide = matchMedia("(min-width: 80rem)");
  const isOpen = () => (wide.matches ? root.dataset.drawer !== "closed" : root.dataset.sheet === "open");
  const tell = () => {
    toggle.setAttribute("aria-expanded", String(isOpen()));
    document.dispatchEvent(new CustomEvent("imperio:drawer", { detail: { open: isOpen() } }));
  };
  const set = (open) => {
    if (wide.matches) {
      root.dataset.drawer = open ? "open" : "closed";
      localStorage.setItem("imperio:drawer", root.dataset.drawer);
    } else if (open) root.dataset.sheet = "open";
    else delete root.dataset.sheet;
    tell();
    if (open) panel.querySelector("[data-drawer-close]").focus();
    else toggle.focus();
  };
  toggle.hidden = false;
  toggle.addEventListener("click", () => set(!isOpen()));
  panel.querySelector("[data-drawer-close]").addEventListener("click", () => set(false));
  panel.addEventListener("keydown", (event) => event.key === "Escape" && !wide.matches && set(false));
  wide.addEventListener("change", tell);
  tell();
}

// A form is sent once, however often its button is pressed.
function forms() {
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "1";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
}

// A balance is told once for each commit, and one whose server died late, after newer ones: then the wallet is asked.
function money() {
  if (!document.documentElement.dataset.player) return;
  let newest = "";
  live.on("balance", async ({ balance: amount, transaction_id: id }) => {
    if (id >= newest) {
      newest = id;
      return hearBalance(amount);
    }
    const now = await api.get("/wallet").catch(() => null); // without an answer the balance stays as it was
    if (now) hearBalance(now.balance);
  });
}

export default function shell() {
  liveDot();
  unread();
  news();
  times();
  offline();
  drawer();
  forms();
  money();
}
