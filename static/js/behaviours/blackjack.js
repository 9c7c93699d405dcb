// The blackjack table: deals and decides through the API, and shows what came of it.

import { ApiError, api, newKey } from "imperio/core/api.js";
import { announce } from "imperio/core/announce.js";
import { balance, setBalance, settle } from "imperio/core/balance.js";
import { celebrate } from "imperio/core/celebrate.js";
import { coins, el, icon, signed } from "imperio/core/format.js";
import { _ } from "imperio/core/i18n.js";
import { play as sound } from "imperio/core/sound.js";
import { begin } from "imperio/core/stage.js";
import { createCoach } from "imperio/blackjack/coach.js";
import { createFelt } from "imperio/blackjack/felt.js";
import { brought, question, result, situation } from "imperio/blackjack/words.js";

const DEAL = "/games/blackjack/rounds";
const RECENT = 10;
// Whoever sees one of these may send the same request again: with its key it counts once.
const AGAIN = new Set(["offline", "unavailable", "rate_limited", "internal_error", "service_unavailable", "bad_gateway", "gateway_timeout", "error"]);
const STALE = new Set(["round_open", "round_not_found", "illegal_action"]);

export default function blackjack(root) {
  if (!("player" in root.dataset)) return;
  const find = (name) => root.querySelector(`[data-${name}]`);
  const [acts, bet, notice, says] = ["acts", "bet", "notice", "says"].map(find);
  const stakeInput = bet.elements.stake;
  const rebet = find("rebet");
  const deal = find("deal");
  const limits = { min: Number(root.dataset.min), max: Number(root.dataset.max) };
  const felt = createFelt(root);
  const coach = createCoach(root);
  let round = root.dataset.round ? JSON.parse(root.dataset.round) : null;
  let lastStake = Number(root.dataset.stake);
  let busy = false;

  const isOpen = () => round?.status === "open";

  // The desk -----------------------------------------------------------------------------------------------------------

  function cost(action) {
    const { hands, active_hand: active } = round.outcome;
    if (action === "double" || action === "split") return hands[active].stake;
    return action === "insurance" ? Math.floor(hands[0].stake / 2) : 0;
  }

  function showDesk() {
    const hadFocus = acts.contains(document.activeElement) || bet.contains(document.activeElement);
    acts.hidden = !isOpen();
    bet.hidden = isOpen();
    for (const button of acts.querySelectorAll("[data-action]")) {
      const { action } = button.dataset;
      button.hidden = !isOpen() || !round.outcome.legal_actions.includes(action);
      const price = button.hidden ? 0 : cost(action);
      const note = button.querySelector("[data-cost]");
      note.hidden = !price;
      note.textContent = price ? `+${coins(price)}` : "";
    }
    showRebet();
    // A button that went away must not take the keyboard's place with it.
    const focused = document.activeElement;
    if (hadFocus && (focused === document.body || !focused.checkVisibility())) focusDesk();
    coach.consult(round);
  }

  function focusDesk() {
    const next = isOpen() ? acts.querySelector("[data-action]:not([hidden])") : deal;
    next.focus({ preventScroll: true });
  }

  function showRebet() {
    const other = !isOpen() && lastStake >= limits.min && Number(stakeInput.value) !== lastStake;
    rebet.hidden = !other;
    rebet.querySelector("[data-rebet-text]").textContent = coins(lastStake);
  }

  function showSays() {
    const line = el("p");
    if (isOpen()) line.append(question(round));
    else if (round) {
      line.className = round.net > 0 ? "gold" : "";
      line.append(el("strong", {}, brought(round)), " ", el("a", { href: `/rounds/${round.id}` }, _("Look and verify")));
    } else line.append(el("span", { class: "soft" }, _("Place your stake and deal.")));
    says.replaceChildren(line);
  }

  function setBusy(on) {
    busy = on;
    for (const button of root.querySelectorAll(".bj__desk button")) {
      if (on) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
  }

  // Puts a round (or none) on the felt as it is, without a show.
  function adopt(found) {
    round = found;
    felt.show(round);
    showSays();
    showDesk();
  }

  // Notices --------------------------------------------------------------------------------------------------------------

  function tellTrouble(text, ...more) {
    const body = el("div", {}, el("p", {}, text), more.length ? el("p", {}, ...more) : null);
    notice.replaceChildren(el("div", { class: "notice notice--bad" }, icon("alert"), body));
  }

  function trouble(error, request) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === "not_authenticated") {
      tellTrouble(_("You have been logged out. Your hand waits for you."), el("a", { href: "/login?next=/blackjack" }, _("Log in")));
    } else if (error.code === "insufficient_funds") {
      tellTrouble(error.detail, el("a", { href: "/wallet" }, _("Your wallet")));
    } else if (error.code === "csrf_failed") {
      tellTrouble(_("This page is out of date. Nothing was lost."), el("a", { href: "/blackjack" }, _("Load it again")));
    } else if (AGAIN.has(error.code) || error.status >= 500) {
      const again = el("button", { type: "button", class: "btn" }, _("Try again"));
      again.addEventListener("click", () => send(request));
      tellTrouble(`${error.detail} ${_("Trying again counts once, even if the house has heard you already.")}`, again);
    } else tellTrouble(error.detail);
  }

  // Playing --------------------------------------------------------------------------------------------------------------

  // `request` is { path, body, key }: sent again it keeps its key, so that it counts once.
  async function send(request) {
    if (busy) return;
    setBusy(true);
    notice.replaceChildren();
    const end = begin();
    try {
      await tell(await api.post(request.path, request.body, { idempotencyKey: request.key }));
    } catch (error) {
      if (STALE.has(error.code)) await catchUp();
      else trouble(error, request);
    } finally {
      end();
      setBusy(false);
    }
  }

  async function tell({ round: next, balance: after }) {
    const going = round?.id === next.id;
    const extra = next.stake - (going ? round.stake : 0);
    if (!going) felt.clear();
    if (extra > 0) sound("chip");
    // The stake leaves at once; what comes back is told when the cards have been shown.
    setBalance(next.status === "open" ? after : Math.max(0, balance() - extra));
    says.replaceChildren();
    await felt.deal(next);
    round = next;
    showSays();
    if (!isOpen()) finish(after);
    else announce(situation(round));
    showDesk();
  }

  function finish(after) {
    settle({ balance: after, net: round.net });
    announce(result(round));
    addRecent();
    const title = round.outcome.hands.some(({ status }) => status === "natural") ? _("Blackjack") : _("A big win");
    celebrate({ stake: round.stake, payout: round.payout, anchor: felt.hands, title });
  }

  function addRecent() {
    const list = find("recent");
    const label = _("Round with a net of %(net)s coins: look at it again", { net: signed(round.net) });
    const link = el("a", { class: round.net > 0 ? "tag tag--gold" : "tag", href: `/rounds/${round.id}`, "aria-label": label }, signed(round.net));
    list.prepend(el("li", {}, link));
    while (list.children.length > RECENT) list.lastElementChild.remove();
    find("recent-empty").hidden = true;
  }

  // The table moved on elsewhere (another tab, a page that was left open): shows how it stands.
  async function catchUp() {
    const before = round;
    try {
      const { round: found } = await api.get(`${DEAL}/current`);
      adopt(found);
      announce(`${_("This is how your hand stands.")} ${situation(found)}`);
    } catch (error) {
      if (error.code !== "round_not_found") return tellTrouble(error.detail, el("a", { href: "/blackjack" }, _("Load the page again")));
      const settled = before?.status === "open" ? await api.get(`/rounds/${before.id}`) : { round: null };
      adopt(settled.round);
      if (settled.round) announce(result(settled.round));
    }
  }

  // Looks whether another tab has played on.
  async function refresh() {
    if (busy || !isOpen() || document.hidden) return;
    const { round: found } = await api.get(`${DEAL}/current`).catch(() => ({ round: null }));
    if (busy || (found && found.id === round.id && found.decisions.length === round.decisions.length)) return;
    await catchUp().catch(() => {});
  }

  function act(action) {
    if (busy || !isOpen() || !round.outcome.legal_actions.includes(action)) return;
    send({ path: `${DEAL}/${round.id}/actions`, body: { action }, key: newKey() });
  }

  function startRound() {
    if (busy || isOpen() || deal.disabled) return;
    const stake = Number(stakeInput.value);
    if (!Number.isInteger(stake) || stake < limits.min || stake > limits.max) {
      stakeInput.focus();
      return tellTrouble(_("A stake is %(min)s to %(max)s coins.", { min: coins(limits.min), max: coins(limits.max) }));
    }
    lastStake = stake;
    send({ path: DEAL, body: { stake }, key: newKey() });
  }

  // Hands on -------------------------------------------------------------------------------------------------------------

  function setStake(amount) {
    stakeInput.value = amount || "";
    showStake();
  }

  // The stake as a chip in the betting circle, in the colour of the largest chip that is in it.
  function showStake() {
    const amount = Number(stakeInput.value);
    const value = [500, 100, 25, 10, 5, 1].find((chip) => chip <= amount);
    find("spot").replaceChildren(...(value ? [el("span", { class: "chip", "data-value": value }, coins(amount))] : []));
    showRebet();
  }

  acts.addEventListener("submit", (event) => {
    event.preventDefault();
    act(event.submitter?.dataset.action);
  });
  bet.addEventListener("submit", (event) => {
    event.preventDefault();
    startRound();
  });
  find("chips").addEventListener("click", ({ target }) => {
    const chip = target.closest("[data-chip]");
    if (!chip || busy) return;
    sound("chip");
    setStake(Math.min(limits.max, Number(stakeInput.value) + Number(chip.dataset.chip)));
  });
  find("clear").addEventListener("click", () => setStake(0));
  rebet.addEventListener("click", () => {
    setStake(lastStake);
    startRound();
  });
  stakeInput.addEventListener("input", showStake);

  document.addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const { target } = event;
    if (target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open], :popover-open")) return;
    const key = event.key === "Escape" ? "N" : event.key.toUpperCase();
    const button = acts.querySelector(`[aria-keyshortcuts="${CSS.escape(key)}"]:not([hidden])`);
    if (button) act(button.dataset.action);
    else if (key === " " && !target.closest("button, a, summary, [tabindex='0']")) {
      event.preventDefault();
      startRound();
    }
  });
  document.addEventListener("visibilitychange", refresh);
  addEventListener("pageshow", (event) => event.persisted && refresh());
  // The deck is fetched when somebody reaches for the table, not with the page.
  root.addEventListener("pointerover", () => fetch(document.documentElement.dataset.cards).catch(() => {}), { once: true });

  for (const name of ["chips", "clear"]) find(name).hidden = false;
  coach.remember(() => round);
  adopt(round);
}
