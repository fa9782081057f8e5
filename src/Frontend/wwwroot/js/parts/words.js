// What is said to people: outcomes as sentences, numbers and times as they are read.

const outcomes = {
  not_live: "The stream is not live, so it takes nothing at the moment.",
  unknown_kind: "This stream has no such reaction.",
  too_long: "That is longer than this stream allows.",
  empty: "There is nothing in it yet.",
  slow_mode: "Slow mode is on: one comment at a time.",
  banned: "You can't take part in this stream at the moment.",
  rate_limited: "That was too much in too short a time. Take a breath.",
  forbidden: "Your token does not allow this.",
  unknown_comment: "That comment is not there any more.",
  unknown_poll: "That poll is not there any more.",
  poll_closed: "The poll has closed.",
  bad_choice: "The poll has no such choice.",
  duplicate_id: "There is already a poll of this name.",
  too_many_kinds: "This stream has had 64 kinds of reactions, and takes no new ones.",
  bad_request: "The service did not understand that.",
  unauthorized: "Your token was refused: it has run out, or is not from here.",
  not_found: "There is nothing here.",
  conflict: "The stream's state does not allow this: it may have ended.",
  too_large: "That is more than the service takes at once.",
  too_many_streams: "You have as many streams as one may have. Delete one first.",
  too_many_connections: "There are too many connections from here.",
  unavailable: "The service can't store anything right now. Try again in a moment.",
  unreachable: "The service can't be reached.",
  no_dev: "This server hands out no tokens to try it with. Paste one of your own.",
};

/** The sentence for a result, a ServiceError, or anything thrown. */
export function say(outcome) {
  const code = outcome?.code;
  const sentence = outcomes[code] ?? outcome?.detail ?? outcome?.message ?? "Something went wrong.";
  const shown = code === "bad_request" && outcome.message ? outcome.message : sentence;
  return outcome?.retryAfterMs > 0 && code !== "banned" ? `${shown} Again in ${seconds(outcome.retryAfterMs)}.` : shown;
}

/** Throws the sentence of a rejected result. */
export function accepted(result) {
  if (result.status !== "accepted") throw Object.assign(new Error(say(result)), result);
  return result;
}

export const seconds = ms => `${Math.max(1, Math.ceil(ms / 1000))} s`;

const whole = new Intl.NumberFormat("en");
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
export const number = value => (value < 100_000 ? whole.format(value) : compact.format(value));
export const short = value => (value < 1000 ? whole.format(value) : compact.format(value));
export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
export const time = ms => clock.format(ms);

const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const farMs = 12 * 3_600_000;
/** A time to come: with its day, unless it is soon. */
export const until = (ms, now = Date.now()) => (ms - now < farMs ? clock : day).format(ms);

export function duration(ms) {
  const total = Math.max(0, Math.round(ms / 1000));
  const two = value => String(value).padStart(2, "0");
  const hours = Math.floor(total / 3600);
  return `${hours ? `${hours}:${two(Math.floor(total / 60) % 60)}` : Math.floor(total / 60)}:${two(total % 60)}`;
}

export function ago(ms, now = Date.now()) {
  const minutes = Math.round((now - ms) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 60 * 36) return `${Math.round(minutes / 60)} h ago`;
  return `${Math.round(minutes / 1440)} days ago`;
}
