// Who one is on this page, and the client that speaks for them. Kept for the tab, so that two tabs can be two people.
import { InteractionsClient } from "../client/index.js";

const storageKey = "interactions.session";
const ranks = ["viewer", "moderator", "broadcaster", "admin"];
const names = ["Ada", "Bo", "Cleo", "Dag", "Eva", "Finn", "Gus", "Hedy", "Ines", "Jun", "Kofi", "Lena", "Mira", "Nils", "Oya", "Pim"];

export const service = new URL("../", import.meta.url);
export const randomId = length => Array.from(crypto.getRandomValues(new Uint8Array(length)), byte => "abcdefghijkmnpqrstuvwxyz23456789"[byte % 32]).join("");
export const randomName = () => names[Math.floor(Math.random() * names.length)];

/** A token to try the service with (Auth:Dev). */
export async function devToken(claims) {
  const answer = await fetch(new URL("v1/dev/tokens", service), { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(claims) });
  const body = await answer.json().catch(() => null);
  if (answer.ok) return body.token;
  const missing = answer.status === 404 || answer.status === 403 || answer.status === 405;
  throw Object.assign(new Error(body?.detail ?? body?.title ?? `The service answered ${answer.status}.`), { code: missing ? "no_dev" : body?.code });
}

/** What a token says about its owner. Only for show: the service decides. */
function claimsOf(token) {
  try {
    const bytes = Uint8Array.from(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")), char => char.charCodeAt(0));
    const { sub, name, role, streams } = JSON.parse(new TextDecoder().decode(bytes));
    return { sub: String(sub), name: String(name ?? sub), role: ranks.includes(role) ? role : "viewer", streams: Array.isArray(streams) ? streams : null };
  } catch {
    throw new Error("That is not a token: it has three parts with dots between.");
  }
}

export class Session extends EventTarget {
  #client = null; #asked = false;
  /** { sub, name, role, streams, token, dev } or null. */
  who = null;

  constructor() {
    super();
    try {
      const kept = JSON.parse(sessionStorage.getItem(storageKey));
      if (kept?.token) this.who = { ...claimsOf(kept.token), token: kept.token, dev: Boolean(kept.dev) };
    } catch {
      // Nothing usable is kept.
    }
  }

  get client() {
    return (this.#client ??= new InteractionsClient({ url: service, token: () => this.#freshToken() }));
  }

  /** Becomes someone by a token to try with; the same person when only the role grows. `quietly`: the view goes on as it is. */
  async tryAs(name, role = "viewer", { quietly = false } = {}) {
    const shown = name.trim() || this.who?.name || randomName();
    const readable = shown.normalize("NFKD").replace(/[^A-Za-z0-9_.-]/g, "").slice(0, 30) || "user";
    const sub = this.who?.dev && this.who.name === shown ? this.who.sub : `${readable}-${randomId(5)}`;
    this.#become({ token: await devToken({ sub, name: shown, role }), dev: true }, quietly);
  }

  useToken(token) {
    this.#become({ token: token.trim(), dev: false });
  }

  leave() {
    this.#become(null);
  }

  has(role) {
    return this.who !== null && ranks.indexOf(this.who.role) >= ranks.indexOf(role);
  }

  /** Whether the service would let this person act as `role` on a stream. */
  may(role, streamId, owner) {
    if (!this.has(role)) return false;
    if (this.who.role === "admin" || owner === this.who.sub) return true;
    return Boolean(this.who.streams?.some(name => (name.endsWith("*") ? streamId.startsWith(name.slice(0, -1)) : name === streamId)));
  }

  async #freshToken() {
    if (!this.who) return null;
    if (!this.who.dev) return this.who.token;
    const { sub, name, role, token } = this.who;
    const exp = JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"))).exp * 1000;
    // Asked again: it is about to run out, or was refused (another key since, say). Either way a new one is due.
    const again = this.#asked;
    this.#asked = true;
    if (again || exp - Date.now() < 120_000) {
      this.who.token = await devToken({ sub, name, role });
      this.#keep();
    }
    return this.who.token;
  }

  #become(kept, quietly = false) {
    this.who = kept && { ...claimsOf(kept.token), ...kept };
    this.#keep();
    this.#client?.close();
    this.#client = null;
    this.#asked = false;
    this.dispatchEvent(new Event(quietly ? "role" : "change"));
  }

  #keep() {
    try {
      if (this.who) sessionStorage.setItem(storageKey, JSON.stringify({ token: this.who.token, dev: this.who.dev }));
      else sessionStorage.removeItem(storageKey);
    } catch {
      // Then it lasts as long as the page.
    }
  }
}
