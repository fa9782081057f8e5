/** Where a stream's connection is. `paused`: the page is hidden; `closed`: it will not come back by itself. */
export type ConnectionState = "idle" | "connecting" | "live" | "reconnecting" | "paused" | "closed";

export interface ClientOptions {
  /** The service's address; in a browser the page's own by default. */
  url?: string | URL;
  /** The token, or a function that gives a fresh one: called before the first connection, shortly before `exp`, and after a refusal. */
  token?: string | null | (() => string | null | Promise<string | null>);
  /** `auto` (default): WebSocket, and Server-Sent Events where a WebSocket can't be had or brings nothing. */
  transport?: "auto" | "websocket" | "sse";
  /** Lets go of the connections when the page was hidden for this long (ms; `true` = 30 000), and resumes when it is seen again. Off by default. */
  pauseWhenHidden?: boolean | number;
  /** A WebSocket class where the platform has none (Node 20: that of `ws`); without one, events and POST are used. */
  WebSocket?: unknown;
  fetch?: typeof fetch;
}

export interface Comment { id: string; user: string; name: string | null; text: string; at: number; replyTo: string | null; }
export interface Poll { id: string; question: string; choices: string[]; votes: number[]; open: boolean; }
export interface Cue { name: string; data: unknown; at: number; }
export interface Person { user: string; name: string | null; }
export interface Ban { user: string; /** ms since 1970; null = until it is lifted. */ until: number | null; shadow: boolean; }
export interface StreamSettings { title?: string; reactions?: string[]; tap?: boolean; slowModeSeconds?: number; maxCommentLength?: number; roster?: boolean; }

/** What everyone sees of a stream. Never mutated: a change makes a new object, and parts that did not change are the same. */
export interface StreamState {
  readonly stream: string;
  /** Of the newest frame; null before the first. */
  readonly position: string | null;
  readonly at: number;
  readonly status: "created" | "live" | "ended" | null;
  readonly title: string;
  readonly owner: string | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly settings: Readonly<Required<Omit<StreamSettings, "title">>> | null;
  /** By kind, as the server counted. */
  readonly totals: Readonly<Record<string, number>>;
  /** `totals` plus this client's own taps that the server has not counted yet: what to show. */
  readonly shown: Readonly<Record<string, number>>;
  readonly viewers: number;
  /** The newest, oldest first (as many as `keepComments`, 200). */
  readonly comments: readonly Comment[];
  readonly pinned: Comment | null;
  /** The newest 50. */
  readonly cues: readonly Cue[];
  readonly polls: readonly Poll[];
  /** Who is there; null when the room is too large for a list. */
  readonly roster: readonly Person[] | null;
  /** This viewer's own ban, as the server told: until when (ms since 1970; null = until it is lifted). It ends by itself at that time. Null = not banned, as far as the viewer is told. */
  readonly ban: { until: number | null } | null;
  readonly connection: ConnectionState;
  readonly transport: "websocket" | "sse" | null;
  /** Why the connection is `closed`, or what stands in its way: a code of the protocol, `silent` (connections open and nothing comes: something on the way holds it back) or `token` (the token function failed). Null otherwise, also while the service just can't be reached. */
  readonly problem: { code: string; detail: string } | null;
  /** When the next attempt is made, ms since 1970; null unless `reconnecting`. */
  readonly retryAt: number | null;
}

/** A frame as it came (docs/protocol.md), and what it was. */
export interface Frame { stream: string; position: string; at: number; oldest?: number; delta?: Record<string, number>; comments?: Comment[]; missed?: number; removed?: string[]; cues?: Cue[]; ban?: { until: number | null } | null; /** To moderators: bans that changed; null = too many to name, read `bans()` again. */ bans?: { set: Ban[]; lifted: string[] } | null; [field: string]: unknown; }

export type Result =
  | { status: "accepted"; id: string; position: string }
  | { status: "rejected"; code: string; retryAfterMs?: number };

export interface StreamEvents {
  /** After the state took it in. What is missed while away comes in a frame too, or in a snapshot. */
  frame: { frame: Frame; isSnapshot: boolean; state: StreamState };
  /** Each once; not those that were there before the first snapshot. Those missed while away are fetched, as many as `keepComments`, and may come after newer ones. */
  comment: Comment;
  cue: Cue;
  /** Reactions of everyone, this client's own included: how many of a kind since the last frame (positive only). */
  reaction: { kind: string; count: number };
  connection: { state: ConnectionState; transport: StreamState["transport"]; problem: StreamState["problem"]; retryAt: number | null };
  /** A tap, or a message without a waiting caller, was refused. */
  rejected: { code: string; retryAfterMs?: number };
}

export class ServiceError extends Error {
  /** As in the protocol (`slow_mode`, `forbidden`, …), or `unreachable`, or `closed`. */
  readonly code: string;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
}

/** One stream on a client: a store of its state, its events, and what one can say on it. Connects at the first subscriber or listener, or by `open`. */
export interface Stream {
  readonly id: string;
  readonly state: StreamState;
  /** Store contract (React's useSyncExternalStore, Svelte): calls back after each change. Answers the undo. */
  subscribe(changed: (state: StreamState) => void): () => void;
  on<E extends keyof StreamEvents>(event: E, handler: (value: StreamEvents[E]) => void): () => void;
  /** Connects; while it waits for the next attempt, makes that now. */
  open(): void;
  /** Lets go of the connection and of what is waiting; `open` starts it again. */
  close(): void;

  /** A tap: in `state.shown` at once, sent with others at most every 100 ms. `count` may be 0 or 1 on a stream without `tap`. */
  react(kind: string, count?: number): void;
  /** Sent with a key until an answer came, so that it counts once. Rejects with ServiceError only when `close`d, refused as a whole, or not answered for 30 s. */
  comment(text: string, options?: { replyTo?: string; key?: string }): Promise<Result>;
  vote(poll: string, choice: number): Promise<Result>;
  cue(name: string, data?: unknown): Promise<Result>;
  pin(comment: string): Promise<Result>;
  unpin(): Promise<Result>;
  delete(comment: string): Promise<Result>;
  ban(user: string, options?: { seconds?: number; shadow?: boolean }): Promise<Result>;
  unban(user: string): Promise<Result>;
  poll(poll: { id: string; question: string; choices: string[] }): Promise<Result>;
  closePoll(id: string): Promise<Result>;
  /** Any items of the protocol, 1–100; those without a key get one unless they are reactions. A reaction without a key whose answer is lost is not sent again: its result is a rejection with `unreachable` or `unavailable`, and it may have counted. */
  send(items: object[]): Promise<Result[]>;

  // What is asked once, over HTTP. All reject with ServiceError.
  get(): Promise<Frame>;
  configure(settings: StreamSettings): Promise<Frame>;
  start(): Promise<Frame>;
  end(): Promise<Frame>;
  remove(): Promise<void>;
  me(): Promise<{ user: string; reactions: string[]; votes: Record<string, number>; ban: { until: number | null } | null; slowModeWaitMs: number }>;
  comments(options?: { before?: string; limit?: number }): Promise<Comment[]>;
  /** Who is banned, by user id, for moderators; `next` goes into `after`. A frame's `bans` says what changes afterwards. */
  bans(options?: { after?: string; limit?: number }): Promise<{ bans: Ban[]; next: string | null }>;
  /** At most 500 steps, those without anything left out; `step` of the answer is coarser where that is too few or where it is kept coarser. `from` and `to` in ms: parts that follow each other add up. */
  timeline(options?: { step?: number; from?: number; to?: number }): Promise<{ stream: string; step: number; steps: { at: number; reactions: Record<string, number>; comments: number; viewers: { mean: number; peak: number } }[] }>;
}

export class InteractionsClient {
  constructor(options?: ClientOptions);
  /** The same object for the same id until it is closed. */
  stream(id: string, options?: { keepComments?: number }): Stream;
  streams(options?: { status?: string; limit?: number; after?: string }): Promise<{ streams: { id: string; title: string; status: string; owner: string; createdAt: number }[]; next: string | null }>;
  /** The server's clock minus this one's, ms; null before the first answer. */
  readonly clockOffsetMs: number | null;
  /** Takes a new token into use: in band where a WebSocket is open; another user's, with a new connection. Opens again what was closed for want of it. */
  setToken(token: string | null): void;
  close(): void;
}
