// A WebSocket that comes back by itself. Frames are {event, data, ref?}; request() waits for the answer with its ref.
//
//   const socket = connect("/ws/chat");
//   socket.on("chat_message", (data) => …);
//   socket.onState((state) => …)                    "connecting" | "open" | "away"
//   await socket.request("join_chat", { room })     -> {event, data}; throws SocketError on `error` or when it gets no answer

import { refreshSession } from "imperio/core/api.js";
import { _ } from "imperio/core/i18n.js";

const FIRST_WAIT = 800;
const LONGEST_WAIT = 20000;
const BEAT = 20000;
const PATIENCE = 10000;

export class SocketError extends Error {
  constructor(code, message) {
    super(message || code);
    this.code = code;
    this.detail = this.message;
  }
}

class Socket {
  #path;
  #ws = null;
  #refs = new Map();
  #count = 0;
  #handlers = new Map();
  #stateHandlers = new Set();
  #failures = 0;
  #beat = 0;
  #timer = 0;
  #ended = false;
  state = "connecting";

  constructor(path) {
    this.#path = path;
    this.#open();
    addEventListener("online", () => this.#ws === null && !this.#ended && this.#open());
    addEventListener("pagehide", () => this.close());
    addEventListener("pageshow", (event) => event.persisted && this.#ended && this.#reopen());
  }

  on(event, fn) {
    if (!this.#handlers.has(event)) this.#handlers.set(event, new Set());
    this.#handlers.get(event).add(fn);
    return () => this.#handlers.get(event).delete(fn);
  }

  // Calls fn(state) now and with every change; join your rooms (again) on "open".
  onState(fn) {
    this.#stateHandlers.add(fn);
    fn(this.state);
    return () => this.#stateHandlers.delete(fn);
  }

  // Sends without waiting; false when there is no connection.
  send(event, data = {}) {
    if (this.#ws?.readyState !== WebSocket.OPEN) return false;
    this.#ws.send(JSON.stringify({ event, data }));
    return true;
  }

  request(event, data = {}) {
    if (this.#ws?.readyState !== WebSocket.OPEN) return Promise.reject(new SocketError("offline", _("No connection. Nothing was sent.")));
    const ref = `r${++this.#count}`;
    return new Promise((done, fail) => {
      const timer = setTimeout(() => {
        this.#refs.delete(ref);
        fail(new SocketError("timeout", _("The house did not answer in time.")));
      }, PATIENCE);
      this.#refs.set(ref, { done, fail, timer });
      this.#ws.send(JSON.stringify({ event, data, ref }));
    });
  }

  close() {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#ws?.close(1000);
  }

  #reopen() {
    this.#ended = false;
    this.#failures = 0;
    this.#open();
  }

  #setState(state) {
    if (this.state === state) return;
    this.state = state;
    this.#stateHandlers.forEach((fn) => fn(state));
  }

  #open() {
    clearTimeout(this.#timer);
    const ws = new WebSocket(new URL(this.#path, location.href.replace(/^http/, "ws")));
    let opened = false;
    this.#ws = ws;
    ws.addEventListener("open", () => {
      opened = true;
      this.#failures = 0;
      this.#beat = setInterval(() => this.request("ping").catch(() => ws.close()), BEAT);
      this.#setState("open");
    });
    ws.addEventListener("message", ({ data }) => this.#hear(data));
    ws.addEventListener("close", ({ code }) => {
      if (this.#ws !== ws) return;
      clearInterval(this.#beat);
      this.#ws = null;
      for (const { fail, timer } of this.#refs.values()) {
        clearTimeout(timer);
        fail(new SocketError("offline", _("The connection broke off before the answer came.")));
      }
      this.#refs.clear();
      if (!this.#ended) this.#retry(!opened || code === 4401);
    });
  }

  #retry(refused) {
    this.#setState(this.#failures ? "away" : "connecting");
    this.#failures += 1;
    const most = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(this.#failures, 6));
    this.#timer = setTimeout(async () => {
      if (refused && document.documentElement.dataset.player) await refreshSession();
      if (!this.#ended) this.#open();
    }, most / 2 + (Math.random() * most) / 2);
  }

  #hear(text) {
    let frame;
    try {
      frame = JSON.parse(text);
    } catch {
      return;
    }
    const { event, data = {}, ref } = frame;
    const waiting = ref && this.#refs.get(ref);
    if (waiting) {
      this.#refs.delete(ref);
      clearTimeout(waiting.timer);
      if (event === "error") waiting.fail(new SocketError(data.code, data.message));
      else waiting.done({ event, data });
    }
    for (const fn of this.#handlers.get(event) ?? []) {
      try {
        fn(data, frame);
      } catch (error) {
        console.error(`socket ${event}`, error);
      }
    }
  }
}

export const connect = (path) => new Socket(path);
