import { ServiceError } from "./errors.js";

const LimitMs = 30_000;

/** How long an answer asks to wait, ms; null where it does not. */
export function retryAfterMs(response) {
  const header = response.headers.get("retry-after");
  if (!header) return null;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

/** The error that a refusal says it is (RFC 9457), or what its status means. */
export async function refusal(response) {
  const problem = await response.json().catch(() => ({}));
  const code = typeof problem.code === "string" ? problem.code : byStatus(response.status);
  return new ServiceError(code, problem.detail, { status: response.status, retryAfterMs: retryAfterMs(response) });
}

function byStatus(status) {
  return { 400: "bad_request", 401: "unauthorized", 403: "forbidden", 404: "not_found", 413: "too_large", 429: "rate_limited", 502: "unavailable", 503: "unavailable", 504: "unavailable" }[status] ?? "internal";
}

/** Calls of the HTTP API, with the token in its header. */
export class Http {
  #base; #fetch; #tokens;

  constructor(base, fetch, tokens) {
    this.#base = base;
    this.#fetch = fetch;
    this.#tokens = tokens;
  }

  /** The address of something under `v1/`. */
  address(path) { return new URL(`v1/${path}`, this.#base); }

  /** The response, whatever its status; rejects when there is none. */
  async open(path, { method = "GET", body, headers = {}, signal } = {}) {
    const token = await this.#tokens.current();
    if (token) headers = { ...headers, authorization: `Bearer ${token}` };
    if (body !== undefined) headers = { ...headers, "content-type": "application/json" };
    return this.#fetch(this.address(path), { method, headers, signal, cache: "no-store", body: body === undefined ? undefined : JSON.stringify(body) });
  }

  /** The answer's JSON (null where it has none). A refused token is renewed once. Rejects with ServiceError. */
  async call(path, options = {}) {
    for (let renewed = false; ; renewed = true) {
      let response, text;
      try {
        response = await this.open(path, { ...options, signal: AbortSignal.timeout(LimitMs) });
        if (response.ok) {
          text = await response.text();
          return text === "" ? null : JSON.parse(text);
        }
      } catch (error) {
        throw new ServiceError("unreachable", `The service can't be reached: ${error?.message ?? error}`);
      }
      const refused = await refusal(response);
      if (response.status !== 401 || renewed || !this.#tokens.canRenew) throw refused;
      await this.#tokens.renew().catch(() => { throw refused; });
    }
  }
}
