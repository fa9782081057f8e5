// Where one writes. It says by itself why one can't: not signed in, not live, slow mode (and how long), banned (and until when).
import { button, el, setText } from "../parts/dom.js";
import { say, seconds, until } from "../parts/words.js";

export class Composer {
  #stream; #session; #can;
  #text = el("textarea", { class: "input", id: "text", rows: 1, attrs: { "aria-label": "Comment", "aria-describedby": "composer-note" } });
  #send = el("button", { class: "button primary", id: "send" }, "Send");
  #note = el("span", { id: "composer-note" });
  #left = el("span", { class: "number" });
  #problem = el("p", { class: "notice bad", hidden: true, attrs: { role: "alert" } });
  #bar = el("div", { class: "countdown", hidden: true, attrs: { "aria-hidden": "true" } });
  #quoted = el("span");
  #replying = el("div", { class: "replying", hidden: true }, this.#quoted, button("Cancel", () => this.reply(null), { class: "slim" }));
  #replyTo = null; #waitUntil = 0; #waitMs = 1; #ban = null; #sending = false; #timer = 0;

  constructor(stream, session, can) {
    this.#stream = stream;
    this.#session = session;
    this.#can = can;
    this.node = el("form", { class: "composer", id: "composer" }, this.#problem, this.#replying,
      el("div", { class: "composer-row" }, this.#text, this.#send), this.#bar,
      el("div", { class: "composer-foot" }, this.#note, this.#left));
    this.node.addEventListener("submit", event => {
      event.preventDefault();
      this.#submit();
    });
    this.#text.addEventListener("keydown", event => {
      if (event.key === "Escape" && this.#replyTo) this.reply(null);
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    this.#text.addEventListener("input", () => this.#show());
    this.#timer = setInterval(() => this.#wait(), 200);
  }

  reply(comment) {
    this.#replyTo = comment?.id ?? null;
    this.#replying.hidden = !comment;
    if (comment) setText(this.#quoted, `To ${comment.name || comment.user}: ${comment.text.slice(0, 80)}`);
    this.#text.focus();
  }

  /** What the service says about this user: `me()`. */
  mine({ slowModeWaitMs }) {
    if (slowModeWaitMs > 0) this.#startWait(slowModeWaitMs);
    this.#show();
  }

  update() {
    this.#showBan();
    this.#show();
  }

  close() {
    clearInterval(this.#timer);
  }

  async #submit() {
    const text = this.#text.value.trim();
    if (!text || this.#sending || this.#send.disabled) return;
    this.#sending = true;
    this.#show();
    try {
      const result = await this.#stream.comment(text, this.#replyTo ? { replyTo: this.#replyTo } : {});
      this.#answered(result);
    } catch (error) {
      this.#tell(say(error));
    }
    this.#sending = false;
    this.#show();
    this.#text.focus();
  }

  #answered(result) {
    if (result.status === "accepted") {
      this.#text.value = "";
      this.#tell("");
      if (this.#replyTo) this.reply(null);
      const pause = (this.#stream.state.settings?.slowModeSeconds ?? 0) * 1000;
      if (pause && !this.#can.moderate()) this.#startWait(pause);
    } else if (result.code === "slow_mode") {
      this.#startWait(result.retryAfterMs ?? 1000);
    } else {
      this.#tell(say(result));
    }
  }

  #tell(text) {
    this.#problem.hidden = text === "";
    setText(this.#problem, text);
  }

  #showBan() {
    const ban = this.#can.banned();
    if (ban === this.#ban) return;
    this.#ban = ban;
    this.#tell(ban === null ? "" : ban.until ? `You are banned from this stream until ${until(ban.until)}.` : "You are banned from this stream.");
  }

  #startWait(ms) {
    this.#waitMs = ms;
    this.#waitUntil = performance.now() + ms;
    this.#wait();
    this.#show();
  }

  #wait() {
    if (this.#waitUntil === 0) return;
    const left = this.#waitUntil - performance.now();
    this.#bar.hidden = left <= 0;
    this.#bar.style.setProperty("--left", String(Math.max(0, left / this.#waitMs)));
    if (left <= 0) this.#waitUntil = 0;
    this.#show();
  }

  #show() {
    const { status, settings, connection } = this.#stream.state;
    const waiting = this.#waitUntil > 0 ? this.#waitUntil - performance.now() : 0;
    const open = this.#can.takePart() && status === "live" && connection !== "closed";
    if (this.#text.disabled === open) this.#text.disabled = !open;
    const most = settings?.maxCommentLength ?? 500;
    const length = [...this.#text.value.trim()].length;
    const blocked = !open || waiting > 0 || this.#sending || length === 0 || length > most;
    if (this.#send.disabled !== blocked) this.#send.disabled = blocked;
    this.#text.classList.toggle("bad", length > most);
    const placeholder = !this.#session.who ? "Join to say something" : status === "ended" ? "The stream has ended" : status === "created" ? "Opens when the stream starts" : this.#ban ? "You can’t write here now" : "Say something";
    if (this.#text.placeholder !== placeholder) this.#text.placeholder = placeholder;
    setText(this.#note, waiting > 0 ? `Slow mode: your next comment in ${seconds(waiting)}` : settings?.slowModeSeconds && !this.#can.moderate() ? `Slow mode: one comment every ${settings.slowModeSeconds} s` : "");
    setText(this.#left, length > most * 0.8 ? `${most - length} left` : "");
  }
}
