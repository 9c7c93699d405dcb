// Recomputes a round in this browser and shows every draw.

import { card, cardName, el, icon } from "imperio/core/format.js";
import { _ } from "imperio/core/i18n.js";
import { verify } from "imperio/fairness/imperio-fair.js";
import { COLOURS } from "imperio/roulette/layout.js";
import { FRUITS } from "imperio/slots/fruits.js";

const SHOWN_STEPS = 400;
const INITIAL = 4; // player, dealer, player, dealer's hole card

function fruit(sprite, name) {
  const svg = icon(name, { class: "verdict__fruit", viewBox: "0 0 100 100", role: "img", "aria-label": FRUITS[name] });
  svg.removeAttribute("aria-hidden");
  svg.firstElementChild.setAttribute("href", `${sprite}#${name}`);
  return svg;
}

function dealtFirst(shoe) {
  const [first, up, second, hole] = shoe.slice(0, INITIAL).map(cardName);
  return _("Dealt first: player %(first)s and %(second)s, dealer %(up)s and %(hole)s. The shoe goes on:", { first, second, up, hole });
}

const SHOW = {
  slots: ({ stops, symbols, multiplier }, { fruits }) => [
    el("div", { class: "verdict" }, ...symbols.map((name) => fruit(fruits, name))),
    el("p", {}, multiplier ? _("Pays %(multiplier)s times the stake.", { multiplier }) : _("Pays nothing.")),
    el("p", { class: "faint" }, _("Stops %(stops)s", { stops: stops.join(", ") })),
  ],
  roulette: ({ pocket, colour }) => [el("p", { class: "verdict" }, el("span", { class: `pocket pocket--${colour}` }, String(pocket)), ` ${COLOURS[colour]}`)],
  blackjack: ({ shoe }) => [
    el("p", { class: "small soft" }, dealtFirst(shoe)),
    el("div", { class: "verdict__shoe" }, ...shoe.slice(0, 16).map(card)),
    el("details", { class: "more" }, el("summary", {}, _("All %(count)s cards", { count: shoe.length })), el("p", { class: "mono" }, shoe.join(" "))),
  ],
};

function seal(committed, hash) {
  if (committed === null) return el("p", { class: "faint mono" }, _("Seal of this seed: %(hash)s", { hash }));
  const words = committed ? _("The seed is the one that was sealed.") : _("This is not the seed that was sealed.");
  return el("p", { class: committed ? "notice notice--good" : "notice notice--bad" }, icon(committed ? "check" : "alert"), words);
}

const cells = (tag, ...texts) => el("tr", {}, ...texts.map((text) => el(tag, tag === "th" ? { scope: "col" } : {}, String(text))));

export default function verifyPage(root) {
  const form = root.querySelector("[data-verify-form]");
  const result = root.querySelector("[data-verify-result]");
  const details = root.querySelector("[data-verify-details]");
  const heads = root.querySelector("[data-verify-heads]");
  const steps = root.querySelector("[data-verify-steps]");

  async function run() {
    const value = (name) => form.elements[name].value.trim();
    const game = value("game");
    try {
      const found = await verify({
        game, serverSeed: value("server_seed"), clientSeed: value("client_seed"), nonce: Number(value("nonce")), expectedHash: value("server_seed_hash"),
      });
      result.replaceChildren(el("div", { class: "stack" }, ...SHOW[game](found.outcome, result.dataset), seal(found.committed, found.serverSeedHash)));
      heads.replaceChildren(cells("th", _("Block"), _("Word"), _("Number x"), _("Below"), _("Gives")));
      const rows = found.steps.slice(0, SHOWN_STEPS);
      steps.replaceChildren(...rows.map((step) => cells("td", step.block, step.index, step.word, step.n, step.value ?? _("thrown away"))));
      details.hidden = false;
    } catch (error) {
      details.hidden = true;
      result.replaceChildren(el("p", { class: "notice notice--bad" }, icon("alert"), error.message));
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  if (form.elements.server_seed.value && form.elements.client_seed.value && form.elements.nonce.value) run();
}
