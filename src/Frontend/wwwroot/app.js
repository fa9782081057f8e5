// The page: a lobby of streams, or one stream (?stream=ID). What users wrote only ever becomes text, never markup.
import { Watch } from "./watch.js";

const shownComments = 200;
const $ = id => document.getElementById(id);
const streamId = new URLSearchParams(location.search).get("stream");
// Kept for the tab, so that two tabs can be two people.
let session = JSON.parse(sessionStorage.getItem("session") ?? "null");
let watch = null;
let state = null;

const element = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};
const button = (text, action) => {
  const made = element("button", "", text);
  made.type = "button";
  made.onclick = action;
  return made;
};
const show = (id, visible) => { $(id).hidden = !visible; };
const random = () => Math.random().toString(36).slice(2, 12);
const broadcasts = () => session && session.role !== "viewer";

function notice(text) {
  $("notice").textContent = text ?? "";
  show("notice", Boolean(text));
}

async function call(method, path, body) {
  const headers = {};
  if (session) headers.authorization = `Bearer ${session.token}`;
  if (body !== undefined) headers["content-type"] = "application/json";
  const answer = await fetch(new URL(`v1/${path}`, document.baseURI), { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const json = await answer.json().catch(() => null);
  if (!answer.ok) throw Object.assign(new Error(json?.detail ?? json?.title ?? `Answered ${answer.status}`), { status: answer.status });
  return json;
}

const guarded = action => async event => {
  event?.preventDefault();
  notice(null);
  try {
    await action(event);
  } catch (error) {
    if (error.status === 401 && session) signOut();
    notice(error.message);
  }
};

// Signing in

async function signIn(name, role) {
  const sub = `${name.replace(/[^A-Za-z0-9_.-]/g, "").slice(0, 30) || "user"}-${random().slice(0, 5)}`;
  const { token } = await call("POST", "dev/tokens", { sub, name, role });
  session = { sub, name, role, token };
  sessionStorage.setItem("session", JSON.stringify(session));
  await begin();
}

function signOut() {
  session = null;
  sessionStorage.removeItem("session");
  begin();
}

function showSession() {
  show("sign-in", !session);
  show("signed-in", session);
  $("me").textContent = session?.name ?? "";
  $("role").textContent = session?.role ?? "";
}

// The lobby

async function showLobby() {
  const { streams } = await call("GET", "streams?limit=100");
  $("streams").replaceChildren(...streams.map(stream => {
    const link = element("a");
    link.href = `?stream=${encodeURIComponent(stream.id)}`;
    link.append(element("b", "", stream.title || stream.id), element("span", `badge ${stream.status}`, stream.status), element("span", "quiet", stream.id));
    const item = element("li");
    item.append(link);
    return item;
  }));
  show("no-streams", streams.length === 0);
  show("create", broadcasts());
}

async function createStream() {
  const id = $("create-id").value;
  const reactions = $("create-reactions").value.split(/\s+/).filter(Boolean);
  await call("PUT", `streams/${id}`, { title: $("create-title").value, reactions });
  await call("POST", `streams/${id}/start`);
  location.search = `?stream=${encodeURIComponent(id)}`;
}

// One stream

async function send(item) {
  const one = { ...item };
  if (item.type === "comment") one.key = random() + random();
  const results = await (watch?.send([one]) ?? call("POST", `streams/${encodeURIComponent(streamId)}/interactions`, one).then(answer => answer.results));
  const [result] = results;
  if (result.status !== "accepted") {
    throw new Error(result.retryAfterMs ? `Not taken: ${result.code}, try again in ${Math.ceil(result.retryAfterMs / 1000)} s` : `Not taken: ${result.code}`);
  }
}

function openStream() {
  state = { totals: {}, comments: new Map(), roster: new Map(), polls: new Map(), cues: [], settings: { reactions: [] } };
  watch?.close();
  watch = new Watch(streamId, session?.token, {
    frame: apply,
    state: text => { $("link").textContent = text; },
    lost: text => { $("link").textContent = ""; notice(text); },
  });
}

function apply(frame, isSnapshot) {
  if (isSnapshot) {
    Object.assign(state, { totals: {}, comments: new Map(), roster: new Map(), polls: new Map(), cues: [], pinned: null });
    $("comments").replaceChildren();
  }
  for (const field of ["status", "title", "owner", "settings", "viewers"]) if (field in frame) state[field] = frame[field];
  if ("pinned" in frame) state.pinned = frame.pinned;
  Object.assign(state.totals, frame.totals);
  for (const poll of frame.polls ?? []) state.polls.set(poll.id, poll);
  if (frame.cues) state.cues = [...state.cues, ...frame.cues].slice(-3);
  if ("roster" in frame) applyRoster(frame.roster);
  if (frame.missed) $("missed").textContent = `${frame.missed} earlier comments are not shown`;
  if (isSnapshot || frame.missed) show("missed", frame.missed > 0);
  applyComments(frame.comments ?? [], frame.removed ?? []);
  if (isSnapshot || frame.settings) buildReactions();
  render(frame, isSnapshot);
}

function applyRoster(roster) {
  if (!roster) state.roster.clear();
  for (const { user, name } of roster?.joined ?? []) state.roster.set(user, name);
  for (const user of roster?.left ?? []) state.roster.delete(user);
  show("roster-box", roster && state.roster.size > 0);
  $("roster-count").textContent = state.roster.size;
  $("roster").replaceChildren(...[...state.roster.values()].map(name => element("li", "", name)));
}

function applyComments(added, removed) {
  const list = $("comments");
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  for (const id of removed) {
    state.comments.get(id)?.remove();
    state.comments.delete(id);
  }
  for (const comment of added) {
    if (state.comments.has(comment.id)) continue;
    const row = commentRow(comment);
    state.comments.set(comment.id, row);
    list.append(row);
  }
  for (const [id, row] of state.comments) {
    if (state.comments.size <= shownComments) break;
    row.remove();
    state.comments.delete(id);
  }
  if (atEnd) list.scrollTop = list.scrollHeight;
}

function commentRow(comment) {
  const row = element("li", "comment");
  row.append(element("b", "", comment.name), element("span", "", comment.text));
  const tools = element("span", "tools");
  if (broadcasts()) {
    tools.append(button("pin", guarded(() => send({ type: "pin", comment: comment.id }))));
    if (comment.user !== session.sub) tools.append(button("ban", guarded(() => send({ type: "ban", user: comment.user, seconds: 600, shadow: false }))));
  }
  if (broadcasts() || session?.sub === comment.user) tools.append(button("delete", guarded(() => send({ type: "delete", comment: comment.id }))));
  if (tools.childElementCount) row.append(tools);
  return row;
}

function buildReactions() {
  $("reactions").replaceChildren(...state.settings.reactions.map(kind => {
    const made = button("", guarded(() => send({ type: "reaction", kind, count: 1 })));
    made.dataset.kind = kind;
    made.append(element("span", "", kind), element("b"));
    return made;
  }));
}

function render(frame, isSnapshot) {
  const live = state.status === "live";
  $("title").textContent = document.title = state.title || streamId;
  $("status").textContent = state.status;
  $("status").className = `badge ${state.status}`;
  $("viewers").textContent = state.viewers ?? 0;
  for (const made of $("reactions").children) {
    made.lastChild.textContent = state.totals[made.dataset.kind] ?? 0;
    made.disabled = !live || !session;
  }
  show("pinned", state.pinned);
  if (isSnapshot || "pinned" in frame) renderPinned();
  if (isSnapshot || frame.polls || frame.status) renderPolls(live);
  if (isSnapshot || frame.cues) $("cues").replaceChildren(...state.cues.map(cue => element("li", "", `${new Date(cue.at).toLocaleTimeString()} ${cue.name}`)));
  $("text").disabled = $("comment").lastElementChild.disabled = !live || !session;
  $("text").placeholder = !session ? "Sign in to comment" : live ? "Say something" : "The stream is not live";
  show("desk", broadcasts());
  $("start").disabled = state.status !== "created";
  $("end").disabled = !live;
  for (const field of $("desk").querySelectorAll("form input, form button")) field.disabled = !live;
}

function renderPinned() {
  if (!state.pinned) return $("pinned").replaceChildren();
  const row = element("div", "comment");
  row.append(element("b", "", state.pinned.name), element("span", "", state.pinned.text));
  if (broadcasts()) row.append(button("unpin", guarded(() => send({ type: "unpin" }))));
  $("pinned").replaceChildren(row);
}

function renderPolls(live) {
  $("polls").replaceChildren(...[...state.polls.values()].slice(-3).map(poll => {
    const card = element("div", "card poll");
    card.append(element("b", "", poll.question));
    poll.choices.forEach((choice, index) => {
      const vote = button("", guarded(() => send({ type: "vote", poll: poll.id, choice: index })));
      vote.append(element("span", "", choice), element("b", "", poll.votes[index]));
      vote.disabled = !poll.open || !live || !session;
      card.append(vote);
    });
    if (broadcasts() && poll.open) card.append(button("close the poll", guarded(() => send({ type: "closePoll", id: poll.id }))));
    return card;
  }));
}

// Wiring

async function begin() {
  showSession();
  show("lobby", !streamId);
  show("stream", streamId);
  if (streamId) openStream();
  else await showLobby();
}

$("name").value = ["Ada", "Bo", "Cleo", "Dag", "Eva", "Finn", "Gus", "Hedy"][Math.floor(Math.random() * 8)];
$("sign-in").onsubmit = guarded(event => signIn($("name").value.trim(), event.submitter?.value ?? "viewer"));
$("sign-out").onclick = guarded(signOut);
$("create").onsubmit = guarded(createStream);
$("start").onclick = guarded(() => call("POST", `streams/${encodeURIComponent(streamId)}/start`));
$("end").onclick = guarded(() => call("POST", `streams/${encodeURIComponent(streamId)}/end`));
$("comment").onsubmit = guarded(async () => {
  const text = $("text").value;
  if (!text.trim()) return;
  await send({ type: "comment", text });
  $("text").value = "";
});
$("cue").onsubmit = guarded(async () => {
  await send({ type: "cue", name: $("cue-name").value });
  $("cue-name").value = "";
});
$("poll").onsubmit = guarded(async () => {
  const choices = $("poll-choices").value.split(",").map(choice => choice.trim()).filter(Boolean);
  await send({ type: "poll", id: `p-${random()}`, question: $("poll-question").value, choices });
  $("poll").reset();
});
guarded(begin)();
