// Numbers, times and small pieces of markup, written the way the templates write them.

import { _ } from "imperio/core/i18n.js";

const locale = document.documentElement.lang || "en";
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
const exact = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" });
const short = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });

// 1234 -> "1,234"
export const coins = (amount) => whole.format(amount).replace("-", "−");

// 1234 -> "+1,234", -5 -> "−5", 0 -> "0"
export const signed = (amount) => (amount > 0 ? `+${whole.format(amount)}` : coins(amount));

// 0.957 -> "95.7 %"
export const pct = (fraction, digits = 1) => `${(fraction * 100).toFixed(digits)} %`;

export const exactTime = (iso) => exact.format(new Date(iso));
export const localTime = (iso) => short.format(new Date(iso));

const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];

// An ISO time as "3 min ago"; `now` in milliseconds.
export function ago(iso, now = Date.now()) {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit).replace(".", "");
  }
  return seconds > 0 ? _("in a moment") : _("just now");
}

// Seconds as "1:02:03" or "4:05".
export function clock(seconds) {
  const left = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
  const two = (n) => String(n).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

const GAMES = { slots: _("Cherry Charm"), roulette: _("Roulette"), blackjack: _("Blackjack") };
export const gameName = (game) => GAMES[game] ?? game;

// el("p", { class: "soft", "data-id": 3 }, "text", child): attributes, then children; text is always text.
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

function use(sprite, name, attributes) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  const inner = document.createElementNS(SVG, "use");
  inner.setAttribute("href", `${sprite}#${name}`);
  svg.append(inner);
  return svg;
}

// An icon of static/img/icons.svg.
export const icon = (name, attributes = {}) =>
  use(document.documentElement.dataset.icons, name, { class: "icon", "aria-hidden": "true", ...attributes });

const RANKS = { A: _("ace"), J: _("jack"), Q: _("queen"), K: _("king") };
const SUITS = { S: _("spades"), H: _("hearts"), D: _("diamonds"), C: _("clubs") };

// "10H" -> "10 of hearts"
export const cardName = (code) =>
  code === "back"
    ? _("face-down card")
    : _("%(rank)s of %(suit)s", { rank: RANKS[code.slice(0, -1)] ?? code.slice(0, -1), suit: SUITS[code.at(-1)] });

// A playing card of static/img/cards.svg: "AS", "10H", or "back".
export const card = (code) =>
  use(document.documentElement.dataset.cards, code, { class: "card", viewBox: "0 0 100 140", role: "img", "aria-label": cardName(code) });

// An amount as the templates draw it: a coin, then the number.
export const coinAmount = (amount, { gold = false } = {}) =>
  el("span", { class: gold ? "coins coins--gold" : "coins" }, coins(amount), el("span", { class: "sr-only" }, ` ${_("coins")}`));

// <time> that behaviours/shell.js keeps fresh.
export const when = (iso) => el("time", { datetime: iso, title: exactTime(iso) }, ago(iso));
