// One stream: its parts, put together. Changes are drawn once a screen frame at most, and text a few times a second.
import { el, setText } from "../parts/dom.js";
import { toast } from "../parts/toast.js";
import { plural, say } from "../parts/words.js";
import { Curves } from "../broadcaster/curves.js";
import { BanDialog } from "../broadcaster/banDialog.js";
import { Desk } from "../broadcaster/desk.js";
import { CommentMenu } from "./commentMenu.js";
import { Comments } from "./comments.js";
import { Composer } from "./composer.js";
import { CueList } from "./cues.js";
import { joinPanel } from "./joinPanel.js";
import { Pinned } from "./pinned.js";
import { Polls } from "./polls.js";
import { ReactionBar } from "./reactionBar.js";
import { Screen } from "./screen.js";
import { copyLink } from "./share.js";
import { trouble } from "./trouble.js";

const drawEveryMs = 80;
const tellRefusedEveryMs = 6000;
const longestTimerMs = 3_600_000;

export function watch(root, session, id) {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(id)) {
    // No such stream can exist: it is not even asked for.
    root.append(trouble({ code: "not_found" }, { id }, session));
    return () => {};
  }

  const { client } = session;
  const stream = client.stream(id, { keepComments: 200 });
  const can = {
    send: () => session.who !== null,
    takePart: () => session.who !== null && can.banned() === null,
    /** The ban that keeps this viewer from taking part; null = none. Moderators are exempt. */
    banned() {
      const { ban } = stream.state;
      return ban === null || can.moderate() || leftOf(ban) <= 0 ? null : ban;
    },
    moderate: () => session.may("moderator", id, stream.state.owner),
    broadcast: () => session.may("broadcaster", id, stream.state.owner),
  };

  const title = el("h1", { id: "title" }, id);
  const about = el("p", { class: "quiet small" });
  const screen = new Screen(stream, client, can);
  const bar = new ReactionBar(stream, can);
  const pinned = new Pinned(stream, can);
  const polls = new Polls(stream, can);
  const cues = new CueList();
  const composer = new Composer(stream, session, can);
  const banDialog = new BanDialog(stream);
  const menu = new CommentMenu(stream, session, can, { reply: comment => composer.reply(comment), ban: (user, name) => banDialog.open(user, name) });
  const comments = new Comments(stream, session, menu);
  const under = el("div", { class: "watch-under" }, pinned.node, polls.node, cues.node);
  const view = el("main", { class: "watch" },
    el("div", { class: "watch-stage" }, screen.node,
      el("div", { class: "headline" }, el("div", {}, title, about), copyLink(id)),
      session.who ? null : joinPanel(session), bar.node),
    under,
    el("div", { class: "chat-column" }, el("section", { class: "chat", attrs: { "aria-label": "Comments" } }, ...comments.nodes, composer.node)),
    menu.node, banDialog.node);
  root.append(view);

  const leftOf = ({ until }) => (until === null ? Infinity : until - Date.now() - (client.clockOffsetMs ?? 0));
  let banEnd = 0;
  let desk = null, curves = null, shown = null, drawn = 0, timer = 0, closed = false;
  const parts = [screen, bar, pinned, polls, cues, comments, composer];

  const draw = () => {
    if (closed) return;
    timer = 0;
    drawn = performance.now();
    const { state } = stream;
    if (showTrouble(state)) return;
    if (state.title !== shown?.title || shown === null) {
      setText(title, state.title || id);
      document.title = `${state.title || id} · Interactions`;
    }
    setText(about, [id, state.roster ? plural(state.roster.length, "person", "people") + " here" : ""].filter(Boolean).join(" · "));
    for (const part of parts) part.update(state);
    // A ban ends by itself: nobody says so.
    clearTimeout(banEnd);
    if (can.banned()?.until) banEnd = setTimeout(changed, Math.min(leftOf(state.ban), longestTimerMs));
    if (can.moderate() && !desk) view.append((desk = new Desk(stream, session, can, banDialog)).node);
    desk?.update(state);
    // How it went, for everyone; who runs it has the curves on the desk from the start.
    if (state.status === "ended" && !desk && !curves) under.append((curves = new Curves(stream, { title: "How it went, per second", whole: true })).node);
    shown = state;
  };
  const changed = () => {
    if (timer) return;
    const wait = Math.max(0, drawn + drawEveryMs - performance.now());
    timer = setTimeout(() => requestAnimationFrame(draw), wait);
  };

  let obstacle = null;
  const showTrouble = state => {
    const wanted = state.connection === "closed" && state.problem ? state.problem.code : null;
    if (wanted !== (obstacle?.dataset.code ?? null)) {
      obstacle?.remove();
      obstacle = wanted && trouble(state.problem, stream, session);
      view.hidden = obstacle !== null;
      if (obstacle) root.append(obstacle);
    }
    return obstacle !== null;
  };

  const learnMine = async () => {
    if (!session.who) return;
    try {
      const me = await stream.me();
      bar.mine(me.reactions);
      polls.mine(me.votes);
      composer.mine(me);
    } catch {
      // It is asked again at the next connection; the rules hold on the server anyway.
    }
  };

  // Taps have no answer of their own; what is wrong with them is said now and then, not for each.
  let toldAt = -Infinity;
  const refused = rejected => {
    // Of a ban there is a notice.
    if (rejected.code === "banned" || performance.now() - toldAt < tellRefusedEveryMs) return;
    toldAt = performance.now();
    toast(say(rejected));
  };

  const offs = [
    stream.subscribe(changed),
    stream.on("frame", ({ frame }) => frame.removed && comments.remove(frame.removed)),
    stream.on("rejected", refused),
    stream.on("connection", ({ state }) => {
      if (state === "live") learnMine();
      changed();
    }),
  ];
  stream.open();
  draw();

  return () => {
    closed = true;
    clearTimeout(timer);
    clearTimeout(banEnd);
    for (const off of offs) off();
    for (const part of parts) part.close?.();
    desk?.close();
    curves?.close();
    stream.close();
  };
}
