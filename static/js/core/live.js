// One event stream for all tabs of the browser. A browser opens six connections to a server, so the tab that holds
// the lock streams for everybody (the union of all tabs' topics) and passes each event on over a BroadcastChannel.
//
//   live.on("leaderboard_update", (data) => …)     live.onState((state) => …)  state: "connecting" | "open" | "away"
//   live.listen("table:…")                          adds a topic after the page has loaded

import { refreshSession } from "imperio/core/api.js";

const EVENTS = [
  "leaderboard_update", "new_notification", "unread_count", "big_win_announcement", "big_wins_snapshot", "your_big_win",
  "balance", "announcement", "announcements_snapshot", "lobby_snapshot", "room_opened", "room_changed", "room_closed", "resync",
];
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;
const KEEP = 60; // recent events handed to a tab that has just joined

const root = document.documentElement;
const who = root.dataset.player || "visitor";
const tab = `${performance.timeOrigin}-${Math.random()}`;
const topics = new Set((root.dataset.topics ?? "").split(" ").filter(Boolean));
const handlers = new Map();
const stateHandlers = new Set();
const shared = Boolean(navigator.locks && globalThis.BroadcastChannel);
const channel = shared ? new BroadcastChannel(`imperio-live:${who}`) : null;

let state = "connecting";
let leader = null;

function deliver({ name, data }) {
  for (const fn of handlers.get(name) ?? []) {
    try {
      fn(data, name);
    } catch (error) {
      console.error(`live ${name}`, error);
    }
  }
}

function setState(next) {
  if (state === next) return;
  state = next;
  stateHandlers.forEach((fn) => fn(state));
}

// Streams for all tabs while this one leads.
class Leader {
  wanted = new Map([[tab, topics]]);
  recent = [];
  source = null;
  lastId = "";
  failures = 0;
  timer = 0;
  asked = "";

  union() {
    return [...new Set([...this.wanted.values()].flatMap((set) => [...set]))].sort();
  }

  // Another tab's topics; a stream with more topics is opened before the old one is closed.
  join(from, wanted, since) {
    this.wanted.set(from, new Set(wanted));
    if (this.union().join(" ") !== this.asked) this.open();
    else for (const event of this.recent) if (event.at >= since) channel.postMessage({ ...event, kind: "event", to: from });
    this.tell(state, from);
  }

  leave(from) {
    this.wanted.delete(from); // the stream keeps the topic until it is opened again: cheaper than a new one per click
  }

  open({ resume = false } = {}) {
    clearTimeout(this.timer);
    const wanted = this.union();
    this.asked = wanted.join(" ");
    if (wanted.length === 0) return this.source?.close();
    const query = new URLSearchParams(wanted.map((topic) => ["topic", topic]));
    if (resume && this.lastId) query.set("last_event_id", this.lastId);
    const old = this.source;
    const source = new EventSource(`/events?${query}`);
    this.source = source;
    source.addEventListener("open", () => {
      old?.close();
      this.failures = 0;
      this.tell("open");
    });
    source.addEventListener("error", () => {
      if (source !== this.source) return;
      this.tell(this.failures ? "away" : "connecting");
      // The browser comes back by itself (with Last-Event-ID) unless it was refused.
      if (source.readyState === EventSource.CLOSED) this.retry();
      else this.failures ||= 1;
    });
    for (const name of new Set([...EVENTS, ...handlers.keys()])) source.addEventListener(name, (event) => this.hear(name, event));
  }

  retry() {
    this.failures += 1;
    const most = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(this.failures, 6));
    this.timer = setTimeout(async () => {
      // A refused stream usually means an access token past its 15 minutes.
      if (root.dataset.player) await refreshSession();
      this.open({ resume: true });
    }, most / 2 + (Math.random() * most) / 2);
  }

  hear(name, event) {
    let data;
    try {
      data = JSON.parse(event.data);
    } catch {
      return;
    }
    if (event.lastEventId) this.lastId = event.lastEventId;
    const once = `${name} ${event.lastEventId} ${event.data}`;
    if (this.recent.some((known) => known.once === once)) return; // the old and the new stream overlapped
    const known = { kind: "event", name, data, once, at: Date.now() };
    this.recent.push(known);
    if (this.recent.length > KEEP) this.recent.shift();
    deliver(known);
    channel?.postMessage(known);
  }

  tell(next, to) {
    if (!to) setState(next);
    channel?.postMessage({ kind: "state", state: next, to });
  }
}

function join() {
  if (leader) leader.join(tab, topics, Infinity);
  else channel?.postMessage({ kind: "join", from: tab, topics: [...topics], since: performance.timeOrigin });
}

function lead() {
  leader = new Leader();
  leader.open();
  channel?.postMessage({ kind: "who" }); // the other tabs name their topics to a new leader
  addEventListener("online", () => leader.source?.readyState === EventSource.CLOSED && leader.open({ resume: true }));
}

if (channel) {
  channel.addEventListener("message", ({ data: message }) => {
    if (message.to && message.to !== tab) return;
    if (leader) {
      if (message.kind === "join") leader.join(message.from, message.topics, message.since);
      else if (message.kind === "leave") leader.leave(message.from);
    } else if (message.kind === "event") deliver(message);
    else if (message.kind === "state") setState(message.state);
    else if (message.kind === "who") join();
  });
  addEventListener("pagehide", () => channel.postMessage({ kind: "leave", from: tab }));
}

let started = false;

// Starts with the first listener, so that a page without any opens nothing.
function start() {
  if (started) return;
  started = true;
  if (!shared) return lead();
  // Held until the tab goes away; then the next one in line leads.
  navigator.locks.request(`imperio-live:${who}`, () => new Promise(() => lead()));
  setTimeout(() => leader || join(), 50);
}

export const live = {
  get state() {
    return state;
  },
  // Calls fn(data, name) with each event of that name; returns a function that stops it.
  on(name, fn) {
    if (!handlers.has(name)) handlers.set(name, new Set());
    handlers.get(name).add(fn);
    queueMicrotask(start);
    return () => handlers.get(name).delete(fn);
  },
  // Calls fn(state) now and with every change.
  onState(fn) {
    stateHandlers.add(fn);
    fn(state);
    return () => stateHandlers.delete(fn);
  },
  listen(topic) {
    if (topics.has(topic)) return;
    topics.add(topic);
    if (started) join();
  },
};
