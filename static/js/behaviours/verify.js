// Recomputes a round in this browser and shows every draw.

import { card, cardName, el, icon } from "imperio/core/format.js";
import { verify } from "imperio/fairness/imperio-fair.js";

const SHOWN_STEPS = 400;
const INITIAL = 4; // player, dealer, player, dealer's hole card

function fruit(sprite, name) {
  const svg = icon(name, { class: "verdict__fruit", viewBox: "0 0 100 100", role: "img", "aria-label": name });
  svg.removeAttribute("aria-hidden");
  svg.firstElementChild.setAttribute("href", `${sprite}#${name}`);
  return svg;
}

const SHOW = {
  slots: ({ stops, symbols, multiplier }, { fruits }) => [
    el("div", { class: "verdict" }, ...symbols.map((name) => fruit(fruits, name))),
    el("p", {}, multiplier ? `Pays ${multiplier} times the stake.` : "Pays nothing."),
    el("p", { class: "faint" }, `Stops ${stops.join(", ")}`),
  ],
  roulette: ({ pocket, colour }) => [el("p", { class: "verdict" }, el("span", { class: `pocket pocket--${colour}` }, String(pocket)), ` ${colour}`)],
  blackjack: ({ shoe }) => [
    el("p", { class: "small soft" }, `Dealt first: player ${cardName(shoe[0])} and ${cardName(shoe[2])}, dealer ${cardName(shoe[1])} and ${cardName(shoe[INITIAL - 1])}. The shoe goes on:`),
    el("div", { class: "verdict__shoe" }, ...shoe.slice(0, 16).map(card)),
    el("details", { class: "more" }, el("summary", {}, "All 312 cards"), el("p", { class: "mono" }, shoe.join(" "))),
  ],
};

function seal(committed, hash) {
  if (committed === null) return el("p", { class: "faint mono" }, `Seal of this seed: ${hash}`);
  const words = committed ? "The seed is the one that was sealed." : "This is not the seed that was sealed.";
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
      heads.replaceChildren(cells("th", "Block", "Word", "Number x", "Below", "Gives"));
      const rows = found.steps.slice(0, SHOWN_STEPS);
      steps.replaceChildren(...rows.map((step) => cells("td", step.block, step.index, step.word, step.n, step.value ?? "thrown away")));
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
