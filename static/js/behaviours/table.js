// A live table: one socket, one state that the house tells; what is shown follows from it.

import { announce } from "imperio/core/announce.js";
import { api } from "imperio/core/api.js";
import { addNet, balance, hearBalance, setBalance } from "imperio/core/balance.js";
import { boot } from "imperio/core/boot.js";
import { celebrate } from "imperio/core/celebrate.js";
import { confirm } from "imperio/core/dialog.js";
import { coins, el, icon } from "imperio/core/format.js";
import { _, ngettext } from "imperio/core/i18n.js";
import { live } from "imperio/core/live.js";
import { refusal } from "imperio/core/play.js";
import { connect } from "imperio/core/socket.js";
import { begin } from "imperio/core/stage.js";
import { toast } from "imperio/core/toast.js";
import { TableClock } from "imperio/tables/clock.js";
import { showPeople } from "imperio/tables/seats.js";

const STAGES = { roulette: "roulette", blackjack: "blackjack", slots: "race" };
const RESULT_SECONDS = 5;
const TURN_SECONDS = 20;
const SPIN_SECONDS = 3;
const SPINS = 10; // of a race
const HOLD = 600; // milliseconds before bets close from which on the balance keeps still
const CLOSED = {
  empty: _("Everybody has left."), idle: _("Nothing happened here for ten minutes."), error: _("Something broke. Every stake has been given back."),
};
const LEFT = { kicked: _("The host asked you to leave."), dropped: _("Your seat was given up: the connection was away for a minute.") };

class Table {
  constructor(root, Stage) {
    this.root = root;
    this.id = root.dataset.room;
    this.game = root.dataset.game;
    this.me = document.documentElement.dataset.player || null;
    this.state = null;
    this.room = null;
    this.own = null;
    this.fresh = false;
    this.charged = 0;
    this.early = false;
    this.said = null;
    this.find = (name) => root.querySelector(`[data-${name}]`);
    this.clock = new TableClock(root, root.dataset.now);
    this.stage = new Stage(root, this);
    this.socket = connect("/ws/tables");
    this.listen();
    root.addEventListener("click", (event) => this.press(event.target.closest("[data-do]")?.dataset.do));
    live.on("balance", () => (this.early ||= !this.end));
    this.socket.onState((state) => this.connection(state));
  }

  listen() {
    const here = (fn) => (data) => data.room_id === this.id && fn(data);
    const { socket } = this;
    socket.on("table_state", here((state) => this.take(state)));
    socket.on("round_result", here((result) => this.result(result)));
    socket.on("room_changed", (room) => room.id === this.id && this.about(room));
    socket.on("room_closed", here(({ reason }) => this.closed(CLOSED[reason] ?? _("The table is closed."))));
    socket.on("new_host", here(({ host }) => announce(host === this.me ? _("You are the host now.") : _("%(name)s is the host now.", { name: host }))));
    socket.on("player_joined", here(({ username }) => username !== this.me && announce(_("%(name)s sat down.", { name: username }))));
    socket.on("player_left", here(({ username }) => username !== this.me && announce(_("%(name)s left.", { name: username }))));
    socket.on("left_room", here(({ reason }) => reason && this.left(reason)));
    socket.on("error", (error, frame) => !frame.ref && error.room_id === this.id && this.refuse(error));
  }

  seated() {
    return Boolean(this.own) && this.own.status !== "left";
  }

  async connection(state) {
    this.root.dataset.connection = state;
    if (state === "open") await this.join(true);
    else if (this.state) this.notice(_("The connection is away. Your seat is kept for a minute; we are coming back."), "alert");
  }

  // Watching, or coming back to the seat one has; `spectate: false` takes a seat.
  async join(spectate) {
    const { invite } = this.root.dataset;
    try {
      const { data } = await this.socket.request("join_multiplayer_room", { room_id: this.id, spectate, ...(invite ? { invite_code: invite } : {}) });
      this.invite = data.invite_code ?? null;
      this.fresh = false;
      this.notice("");
      this.about(data.room);
      this.state = null;
      this.take(data.state);
    } catch (error) {
      this.refused(error, spectate);
    }
  }

  refused(error, spectate) {
    if (error.code === "room_not_found") this.closed(_("This table is closed."));
    else if (error.code === "invalid_invite") this.askForCode();
    else if (error.code === "not_authenticated") this.notice(_("This table is private. Log in with your invitation."), "shield");
    else if (error.code !== "offline") this.refuse(error);
    if (spectate && error.code !== "offline") this.find("says").textContent = "";
  }

  async ask(event, data = {}) {
    const word = event === "place_stake" || data.done === true;
    if (word && this.isClosing(this.state, true)) this.end ??= begin();
    try {
      return (await this.socket.request(event, { room_id: this.id, ...data })).data;
    } catch (error) {
      // What is late has been overtaken by the state that is on its way.
      if (error.code !== "stale_state" && error.code !== "betting_closed") this.refuse(error);
      if (word) this.hold(this.state);
      return null;
    }
  }

  refuse(error) {
    const { title, text } = refusal(error);
    toast(text, { kind: "bad", title });
  }

  take(state) {
    if (this.state && state.version <= this.state.version) return;
    const before = this.state;
    this.state = state;
    if (state.phase !== "result") this.fresh = false;
    this.own = state.seats.find((seat) => seat.username === this.me) ?? null;
    if (state.phase === "betting" && before && before.phase !== "betting") {
      this.clock.begins(state.deadline, Number(this.root.dataset.bettingSeconds));
      this.early = false;
    }
    this.clock.run(state.deadline, this.seconds(state));
    this.hold(state);
    this.charge(state, before);
    this.people();
    this.tell(state, before);
    this.stage.show(state, this.own);
    this.find("seal").textContent = state.fairness.server_seed_hash;
    this.last(state);
    this.chat();
  }

  // The rounds that are over, each with its record. The newest waits until it has been shown.
  last({ recent, phase }) {
    const shown = phase === "result" && this.fresh ? recent.slice(1) : recent;
    this.find("last-title").hidden = !shown.length;
    this.find("last").replaceChildren(...shown.map((one) => el("li", {}, el("a", { class: "tag", href: `/tables/rounds/${one.round_id}` }, this.short(one)))));
  }

  short({ pocket, dealer, payout }) {
    if (this.game === "roulette") return String(pocket);
    return this.game === "blackjack" ? _("Dealer %(total)s", { total: dealer }) : _("Best %(payout)s", { payout: coins(payout) });
  }

  seconds({ phase }) {
    if (phase === "betting") return Number(this.root.dataset.bettingSeconds);
    if (phase === "result") return RESULT_SECONDS;
    return this.game === "slots" ? SPIN_SECONDS : TURN_SECONDS;
  }

  // The balance must not tell the result before the wheel does.
  hold(state) {
    clearTimeout(this.holding);
    if (state.phase === "betting" && this.own?.stake) {
      const left = this.isClosing(state) ? 0 : this.clock.left - HOLD;
      if (left > 0) {
        this.free();
        this.holding = setTimeout(() => (this.end ??= begin()), left);
      } else this.end ??= begin();
    } else if (state.phase === "acting" && this.own?.stake) this.end ??= begin();
    else if (state.phase === "betting" || state.phase === "waiting") this.free();
  }

  // Whether bets may close before anything more is told: we have given our word (or do so now), and all that is missing
  // is one other player's.
  isClosing({ seats }, now = false) {
    const missing = seats.filter((seat) => seat !== this.own && seat.status !== "done" && seat.status !== "sitting_out");
    return missing.length <= 1 && (now || this.own.status === "done");
  }

  // The stake leaves the balance in the moment it is charged; a page that is loaded later has it deducted already.
  charge({ phase }, before) {
    if (phase === "betting" || phase === "waiting") this.charged = 0;
    if (phase !== "acting" || !this.own?.stake) return;
    const cost = this.own.stake * (this.game === "slots" ? SPINS : 1);
    if (before && cost > this.charged && !this.early) setBalance(balance() - cost + this.charged);
    this.charged = cost;
  }

  free() {
    this.end?.();
    this.end = null;
  }

  async result(result) {
    this.fresh = true;
    this.said = null;
    this.end ??= begin();
    const mine = result.results.find(({ username }) => username === this.me) ?? null;
    if (mine && mine.stake > this.charged && !this.early) setBalance(balance() - mine.stake + this.charged);
    this.charged = mine?.stake ?? 0;
    const words = await this.stage.play(result, mine);
    this.said = words;
    if (this.state.phase === "result") this.find("says").textContent = words;
    announce(words);
    if (mine) addNet(mine.net);
    this.free();
    if (this.early) await this.recount();
    if (mine) await celebrate({ stake: mine.stake, payout: mine.payout, anchor: this.root.querySelector(".table__stage") });
  }

  // A balance came by the other way, before the table told what it is about: the wallet knows.
  async recount() {
    this.early = false;
    const wallet = await api.get("/wallet").catch(() => null); // without an answer the balance stays as it was
    if (wallet) hearBalance(wallet.balance);
  }

  tell(state, before) {
    const says = this.find("says");
    const changed = before?.phase !== state.phase || before?.turn?.username !== state.turn?.username || before?.turn?.hand !== state.turn?.hand;
    if (state.phase === "waiting") says.textContent = this.waiting();
    else if (state.phase === "betting") says.textContent = this.betting();
    else if (state.phase === "acting" && state.turn) says.textContent = state.turn.username === this.me ? _("Your turn") : _("%(name)s decides", { name: state.turn.username });
    else if (state.phase === "acting") says.textContent = this.spin(state);
    else says.textContent = this.over();
    // What is read out on one's turn is worth more than the line on the screen, and new with every card.
    const mine = state.turn?.username === this.me;
    const words = mine ? this.stage.turnWords(state, this.own) : says.textContent;
    if (state.phase !== "result" && (changed || (mine && words !== this.spoken))) announce(words);
    this.spoken = words;
    this.root.dataset.phase = state.phase;
    this.root.toggleAttribute("data-my-turn", state.turn?.username === this.me);
  }

  spin({ seats }) {
    return _("Spin %(number)s of %(count)s", { number: Math.max(1, ...seats.map((seat) => seat.spins?.length ?? 0)), count: SPINS });
  }

  waiting() {
    if (this.room?.host === this.me) return _("Begin when everybody sits.");
    return this.room?.host ? _("%(name)s begins the game.", { name: this.room.host }) : _("Waiting.");
  }

  betting() {
    if (!this.own) return _("Bets are being placed.");
    if (this.own.status === "sitting_out") return _("You are sitting out.");
    return this.own.status === "done" ? _("Waiting for the others.") : _("Place your bets.");
  }

  // Between the last decision and the next bets: what is shown, then what came of it.
  over() {
    if (!this.fresh) return _("The round is over. The next one begins in a moment.");
    return this.said ?? { roulette: _("No more bets."), blackjack: _("The dealer plays."), slots: _("The race is over.") }[this.game];
  }

  about(room) {
    this.room = room;
    this.find("host").textContent = `${_("Hosted by %(name)s", { name: room.host })} ·`;
    this.find("watching").textContent = room.spectators ? ngettext("%(num)s watches", "%(num)s watch", room.spectators) : _("nobody watches");
    if (this.state) this.people();
    if (this.state?.phase === "waiting") this.find("says").textContent = this.waiting();
  }

  people() {
    const options = { host: this.room?.host, me: this.me, kick: (username) => this.kick(username) };
    showPeople(this.find("people"), this.state.seats, options);
    const seated = this.seated();
    const show = (name, on) => {
      const button = this.root.querySelector(`[data-do="${name}"]`);
      if (button) button.hidden = !on;
      return button;
    };
    show("leave", seated);
    show("start", seated && this.room?.host === this.me && this.state.phase === "waiting");
    show("invite", seated);
    const sit = show("sit", Boolean(this.me) && !seated);
    if (sit) sit.disabled = this.room?.players.length >= this.room?.max_players;
    const out = this.own?.status === "sitting_out";
    const ready = show("ready", seated);
    ready.textContent = out ? _("Sit in again") : _("Sit out");
    ready.setAttribute("aria-pressed", String(out));
  }

  async press(what) {
    if (what === "sit") await this.join(false);
    else if (what === "start") await this.ask("start_game");
    else if (what === "ready") await this.ask("set_ready", { ready: this.own.status === "sitting_out" });
    else if (what === "leave") await this.leave();
    else if (what === "invite") await this.share();
  }

  async leave() {
    const inPlay = this.state.phase === "acting" && this.own.stake;
    const kept = _("Your stake stays in the round: the house stands for you, and what you win is yours.");
    if (inPlay && !(await confirm(_("Leave the table?"), kept, _("Leave"), "danger"))) return;
    if (await this.ask("leave_multiplayer_room")) location.assign("/tables");
  }

  async kick(username) {
    const effect = _("They cannot take a seat at this table again.");
    const sure = await confirm(_("Ask %(name)s to leave?", { name: username }), effect, _("Ask to leave"), "danger");
    if (sure) await this.ask("kick_player", { username });
  }

  async share() {
    const link = new URL(`/tables/${this.id}`, location.href);
    if (this.invite) link.searchParams.set("invite", this.invite);
    try {
      await navigator.clipboard.writeText(link.href);
      toast(_("The link is copied. Whoever opens it finds this table."), { kind: "good" });
    } catch {
      toast(link.href, { title: _("The link to this table") });
    }
  }

  askForCode() {
    const input = el("input", { class: "input", name: "invite", required: true, maxlength: 64, autocomplete: "off", "aria-label": _("Invite code") });
    const form = el("form", { class: "row" }, input, el("button", { class: "btn btn--gold" }, _("Enter")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.root.dataset.invite = input.value.trim();
      this.join(true);
    });
    const wrong = this.root.dataset.invite ? _("That code does not open this table.") : _("This table is private. Enter its invite code.");
    this.find("notice").replaceChildren(el("div", { class: "notice" }, icon("shield"), el("div", {}, el("p", {}, wrong), form)));
  }

  notice(text, name = "info") {
    this.find("notice").replaceChildren(...(text ? [el("div", { class: "notice", role: "status" }, icon(name), el("p", {}, text))] : []));
  }

  // The seat is lost. Whoever may still watch does; a private table is over for those who were sent away.
  async left(reason) {
    this.own = null;
    this.chat();
    const text = LEFT[reason] ?? _("You have left the table.");
    if (reason === "kicked" && this.root.dataset.private === "yes") {
      this.closed(text, _("You have left the table."));
      return;
    }
    await this.join(true);
    if (this.root.dataset.phase !== "closed") this.notice(text);
  }

  closed(text, says = _("This table is closed.")) {
    this.socket.close();
    this.clock.run(null, 1);
    this.free();
    this.root.dataset.phase = "closed";
    this.find("says").textContent = says;
    this.find("notice").replaceChildren(el("div", { class: "notice", role: "status" }, icon("table"), el("div", {}, el("p", {}, text), el("p", {}, el("a", { href: "/tables" }, _("Open tables"))))));
    for (const button of this.root.querySelectorAll("[data-do]")) button.hidden = true;
    for (const desk of this.root.querySelectorAll("[data-desk], [data-stake], [data-acts]")) desk.hidden = true;
  }

  // The table's chat is for those who sit at it.
  chat() {
    const template = this.root.querySelector("template[data-chat]");
    const shown = template.parentElement.querySelector(".tchat");
    if (!this.seated()) shown?.remove();
    if (!this.seated() || shown) return;
    const section = template.content.firstElementChild.cloneNode(true);
    section.dataset.behaviour = "chat";
    template.after(section);
    boot(section);
  }
}

export default async function table(root) {
  const { default: Stage } = await import(`imperio/tables/${STAGES[root.dataset.game]}.js`);
  new Table(root, Stage);
}
