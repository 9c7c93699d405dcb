// Cherry Charm: stake, spin, show, result. On a replay page the same reels run again without a stake.

import { announce } from "imperio/core/announce.js";
import { settle } from "imperio/core/balance.js";
import { celebrate } from "imperio/core/celebrate.js";
import { el, signed } from "imperio/core/format.js";
import { _ } from "imperio/core/i18n.js";
import { cameBack, play, refusal, refusalNotice, tellUnlocked } from "imperio/core/play.js";
import { play as sound } from "imperio/core/sound.js";
import { begin } from "imperio/core/stage.js";
import { inWords } from "imperio/slots/fruits.js";
import { Machine } from "imperio/slots/machine.js";

const RECENT = 10;
const SVG = "http://www.w3.org/2000/svg";

// The paytable row that pays for these symbols: the best one that matches, like the house's own rule.
function rowOf(rows, { multiplier, symbols }) {
  if (!multiplier) return null;
  const paid = [...rows].filter((row) => Number(row.dataset.multiplier) === multiplier);
  return paid.find((row) => row.dataset.pay.includes(symbols[0])) ?? paid[0];
}

function words(round, row) {
  const name = row ? row.querySelector(".pays__name").textContent : inWords(round.outcome.symbols);
  return `${name}. ${cameBack(round)}`;
}

function triple({ id, net, outcome }, sprite) {
  const fruits = outcome.symbols.map((name) => {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 100 100");
    svg.setAttribute("aria-hidden", "true");
    svg.appendChild(document.createElementNS(SVG, "use")).setAttribute("href", `${sprite}#${name}`);
    return svg;
  });
  const label = _("%(symbols)s: net %(net)s", { symbols: inWords(outcome.symbols), net: signed(net) });
  const link = el("a", { class: net > 0 ? "spun spun--won" : "spun", href: `/rounds/${id}`, "aria-label": label },
    el("span", { class: "spun__fruits" }, ...fruits), el("span", { class: "spun__net num" }, signed(net)));
  return el("li", {}, link);
}

function stakePicker(form) {
  const field = form.elements.stake;
  const chips = [...form.querySelectorAll("[data-chip]")];
  const mark = () => {
    for (const chip of chips) chip.setAttribute("aria-pressed", String(Number(chip.dataset.chip) === field.valueAsNumber));
  };
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      field.value = chip.dataset.chip;
      sound("chip");
      mark();
    });
  }
  field.addEventListener("input", mark);
}

// Whether a key press belongs to something that has a use for it.
const takesSpace = (target) => target.closest?.("button, a, input, textarea, select, summary, [contenteditable], dialog, [popover]:popover-open");

function game(root, machine) {
  const form = root.querySelector("[data-spin-form]");
  if (!form) return;
  const button = form.querySelector("[data-spin]");
  const result = root.querySelector("[data-result]");
  const rows = root.querySelectorAll("[data-pay]");
  const recent = root.querySelector("[data-recent]");
  let spinning = false;

  const say = (...nodes) => result.replaceChildren(...nodes);
  const light = (lit) => rows.forEach((row) => row.classList.toggle("pays__lit", row === lit));

  function show(round) {
    const row = rowOf(rows, round.outcome);
    const text = words(round, row);
    light(row);
    if (row) machine.honour(row.dataset.pay);
    const verify = el("a", { class: "verdict__verify", href: `/rounds/${round.id}` }, _("Verify"));
    const line = el("p", { class: round.net > 0 ? "verdict verdict--won" : "verdict" }, text, " ", verify);
    if (round.net > 0) line.prepend(el("strong", { class: "verdict__net", "aria-hidden": "true" }, signed(round.net)));
    say(line);
    announce(text);
    recent.prepend(triple(round, machine.reels.dataset.fruits));
    while (recent.children.length > RECENT) recent.lastElementChild.remove();
    root.querySelector("[data-none]").hidden = true;
  }

  async function spin() {
    if (spinning || button.disabled || !form.reportValidity()) return;
    spinning = true;
    button.setAttribute("aria-disabled", "true");
    root.classList.add("slots--spinning");
    light(null);
    say(el("p", { class: "verdict verdict--idle" }, _("The reels are turning …")));
    const free = begin();
    const bet = play("/games/slots/spins", { stake: form.elements.stake.valueAsNumber });
    let answer = null;
    try {
      await machine.spin(bet.then(({ round }) => round.outcome.stops));
      answer = await bet;
    } catch (error) {
      const { title, text } = refusal(error);
      say(refusalNotice(error));
      announce(`${title}. ${text}`);
    }
    if (answer) {
      const { round, balance, unlocked } = answer;
      show(round);
      settle({ balance, net: round.net });
      await celebrate({ ...round, anchor: machine.reels, title: _("Cherry Charm pays") });
      tellUnlocked(unlocked);
    }
    free();
    root.classList.remove("slots--spinning");
    button.removeAttribute("aria-disabled");
    spinning = false;
  }

  stakePicker(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    spin();
  });
  document.addEventListener("keydown", (event) => {
    if (event.code !== "Space" || event.ctrlKey || event.metaKey || event.altKey || takesSpace(event.target)) return;
    event.preventDefault();
    if (!event.repeat) spin(); // one press, one spin: holding the key is no autoplay
  });
}

function replay(root, machine) {
  const again = root.querySelector("[data-again]");
  const stops = root.dataset.stops.split(" ").map(Number);
  const won = machine.reels.classList.contains("reels--won");
  const paid = [...machine.reels.querySelectorAll(".reel--paid")];
  const honour = () => won && machine.honour(paid.length === 2 ? "two_" : "");
  again.hidden = false;
  again.addEventListener("click", async () => {
    again.disabled = true;
    await machine.spin(Promise.resolve(stops));
    honour();
    again.disabled = false;
    again.focus();
  });
}

export default function slots(root) {
  const machine = new Machine(root.querySelector("[data-reels]"));
  if ("replay" in root.dataset) replay(root, machine);
  else game(root, machine);
}
