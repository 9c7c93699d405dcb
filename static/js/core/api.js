// The JSON API from the browser: cookies, CSRF token, problem+json, one refresh when the access token has run out.

import { _ } from "imperio/core/i18n.js";

export class ApiError extends Error {
  // status 0 and code "offline" when no answer came at all.
  constructor(status, { code = "error", title = "", detail = "", errors = [] } = {}, retryAfter = null) {
    super(detail || title || _("Something went wrong."));
    Object.assign(this, { status, code, detail: this.message, errors, retryAfter });
  }
}

const url = (path) => (path.startsWith("/api/") ? path : `/api/v1${path}`);
const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";
const withLock = (work) => (navigator.locks ? navigator.locks.request("imperio-refresh", work) : work());

let refreshing = null;

// Renews the session's cookies; tabs take turns, because a refresh token works once. Resolves to true when it worked.
export function refreshSession() {
  refreshing ??= withLock(async () => {
    const last = Number(localStorage.getItem("imperio:refreshed") ?? 0);
    if (Date.now() - last < 5000) return true; // another tab has just done it
    const response = await fetch("/api/v1/auth/refresh", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": token() },
      body: "{}",
    });
    if (response.ok) localStorage.setItem("imperio:refreshed", String(Date.now()));
    return response.ok;
  })
    .catch(() => false)
    .finally(() => {
      refreshing = null;
    });
  return refreshing;
}

async function send(method, path, body, { idempotencyKey, signal } = {}) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["X-CSRF-Token"] = token();
  if (idempotencyKey) headers["Idempotency-Key"] = idempotencyKey;
  try {
    return await fetch(url(path), { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, { code: "offline", detail: _("No connection. Nothing was lost; try again in a moment.") });
  }
}

async function request(method, path, body, options = {}) {
  let response = await send(method, path, body, options);
  const signedIn = document.documentElement.dataset.player;
  if (response.status === 401 && signedIn && (await refreshSession())) response = await send(method, path, body, options);
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  throw new ApiError(response.status, answer, Number(response.headers.get("Retry-After")) || null);
}

// A key for one intended bet: make it once, send it again with each retry.
export const newKey = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
};

// Paths are below /api/v1 ("/wallet"), or whole ("/api/v1/wallet"). All resolve to the parsed answer or throw ApiError.
export const api = {
  get: (path, options) => request("GET", path, undefined, options),
  post: (path, body, options) => request("POST", path, body, options),
  put: (path, body, options) => request("PUT", path, body, options),
};
