// One bet for the house, from any game's page: sent until it is answered, never counted twice, and refusals in words.

import { api, newKey } from "imperio/core/api.js";
import { coins, el, icon, signed } from "imperio/core/format.js";
import { _ } from "imperio/core/i18n.js";
import { live } from "imperio/core/live.js";
import { wait } from "imperio/core/motion.js";
import { toast } from "imperio/core/toast.js";

const PAUSES = [400, 1200, 2500]; // milliseconds before each further try of the same bet
const unanswered = (error) => error.status === 0 || error.status === 502 || error.status === 503 || error.status === 504;

let pending = null;

// Posts the bet under one Idempotency-Key, again while no answer comes. Whoever bets the same once more after that asks
// for the same bet's answer: it may have been taken. Resolves to {round, balance, unlocked}; throws ApiError.
export async function play(path, body) {
  const meaning = `${path} ${JSON.stringify(body)}`;
  if (pending?.meaning !== meaning) pending = { meaning, key: newKey() };
  const { key } = pending;
  for (let tries = 0; ; tries += 1) {
    try {
      const answer = await api.post(path, body, { idempotencyKey: key });
      pending = null;
      return answer;
    } catch (error) {
      if (!unanswered(error)) pending = null;
      if (!unanswered(error) || tries === PAUSES.length) throw error;
      await wait(PAUSES[tries]);
    }
  }
}

// What a spin or a round of a table brought, in one sentence.
export function cameBack({ stake, payout, net }) {
  if (!payout) return _("Nothing comes back for %(stake)s staked.", { stake: coins(stake) });
  const amounts = { payout: coins(payout), stake: coins(stake), net: signed(net) };
  return _("You get %(payout)s coins back for %(stake)s staked: net %(net)s.", amounts);
}

// Achievements that a round unlocked. While the stream is open its notifications say the same.
export function tellUnlocked(unlocked) {
  if (live.state === "open") return;
  for (const { name, reward_coins: reward } of unlocked) {
    const words = _("%(name)s: %(reward)s coins for you", { name, reward: coins(reward) });
    toast(words, { kind: "gold", title: _("Achievement unlocked"), iconName: "laurel", href: "/achievements" });
  }
}

const UNSURE = _("If the bet was taken it is in your rounds; the same bet again asks for its result and is not counted twice.");
const REFUSALS = {
  insufficient_funds: [_("Not enough coins"), _("The stake is larger than your balance. Nothing was taken."), "/wallet", _("Look for a bonus")],
  account_frozen: [
    _("Your account is frozen"),
    _("Play is stopped; your coins are safe. Write to the house if you think this is a mistake."),
  ],
  time_out_active: [_("You are taking a break"), null, "/limits", _("Your play limits")],
  loss_limit_reached: [_("Your own loss limit is reached"), null, "/limits", _("Your play limits")],
  session_limit_reached: [_("Your own session limit is reached"), null, "/limits", _("Your play limits")],
  rate_limited: [_("A little slower, please"), _("Nothing was staked. Try again in a moment.")],
  not_authenticated: [_("You are logged out"), _("Nothing was staked. Log in and play on."), "/login", _("Log in")],
  csrf_failed: [_("This page is out of date"), _("Nothing was staked. Load the page again and play on.")],
  offline: [_("No answer from the house"), `${_("The connection is away.")} ${UNSURE}`],
  unavailable: [_("The house is busy"), UNSURE],
};

// What an ApiError means to a player: {title, text, href?, label?}.
export function refusal(error) {
  const [title, text, href, label] = REFUSALS[error.code] ?? [_("That did not work"), null];
  return { title, text: text ?? error.detail ?? _("Nothing was lost; try again."), href, label };
}

// The same as a notice for the page.
export function refusalNotice(error) {
  const { title, text, href, label } = refusal(error);
  const words = el("div", {}, el("p", {}, el("strong", {}, title)), el("p", {}, text, href ? " " : null, href ? el("a", { href }, label) : null));
  return el("div", { class: "notice notice--bad" }, icon("alert"), words);
}
