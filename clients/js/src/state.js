// What a viewer sees, as a pure function of the frames that came.

const CuesKept = 50;
const Nothing = Object.freeze([]);

export function emptyState(stream) {
  return Object.freeze({
    stream, position: null, at: 0, status: null, title: "", owner: null, startedAt: null, endedAt: null, settings: null,
    totals: Object.freeze({}), shown: Object.freeze({}), viewers: 0, comments: Nothing, pinned: null, cues: Nothing,
    polls: Nothing, roster: null, ban: null, connection: "idle", transport: null, problem: null, retryAt: null,
  });
}

/** The state after a frame. Parts that the frame does not speak of stay the same objects; a snapshot replaces all. `shown` is not of the frames. */
export function fold(state, frame, isSnapshot, keepComments) {
  const before = isSnapshot ? { ...emptyState(state.stream), connection: state.connection, transport: state.transport, problem: state.problem, retryAt: state.retryAt } : state;
  return {
    ...before,
    position: frame.position,
    at: frame.at,
    status: frame.status ?? before.status,
    title: frame.title ?? before.title,
    owner: frame.owner ?? before.owner,
    startedAt: frame.startedAt ?? before.startedAt,
    endedAt: frame.endedAt ?? before.endedAt,
    settings: frame.settings ?? before.settings,
    totals: frame.totals ? { ...before.totals, ...frame.totals } : before.totals,
    shown: state.shown,
    viewers: frame.viewers ?? before.viewers,
    comments: comments(before.comments, frame, keepComments),
    pinned: frame.pinned !== undefined ? frame.pinned : before.pinned,
    cues: frame.cues?.length ? newest([...before.cues, ...frame.cues], CuesKept) : before.cues,
    polls: frame.polls?.length ? polls(before.polls, frame.polls) : before.polls,
    roster: frame.roster !== undefined ? roster(before.roster, frame.roster) : before.roster,
    ban: frame.ban !== undefined ? frame.ban : before.ban,
  };
}

/** Puts comments that a frame had left out (`missed`) where they belong: before that one. */
export function fillIn(state, found, beforeId, keepComments) {
  const place = state.comments.findIndex(comment => comment.id === beforeId);
  if (place < 0) return state;
  const known = new Set(state.comments.map(comment => comment.id));
  const fresh = found.filter(comment => !known.has(comment.id));
  if (fresh.length === 0) return state;
  return { ...state, comments: newest([...state.comments.slice(0, place), ...fresh, ...state.comments.slice(place)], keepComments) };
}

/** What a frame brought that was not there before: for the events. History that comes with the first snapshot is no news. */
export function news(before, frame, isSnapshot) {
  if (isSnapshot) {
    if (before.position === null) return { comments: [], cues: [], reactions: [] };
    const known = new Set(before.comments.map(comment => comment.id));
    const last = before.comments.at(-1)?.at ?? 0;
    const lastCue = before.cues.at(-1)?.at ?? 0;
    return {
      comments: (frame.comments ?? []).filter(comment => comment.at >= last && !known.has(comment.id)),
      cues: (frame.cues ?? []).filter(cue => cue.at > lastCue),
      reactions: [],
    };
  }
  return {
    comments: frame.comments ?? [],
    cues: frame.cues ?? [],
    reactions: Object.entries(frame.delta ?? {}).filter(([, count]) => count > 0).map(([kind, count]) => ({ kind, count })),
  };
}

function comments(before, frame, keep) {
  let list = before;
  if (frame.removed?.length) {
    const removed = new Set(frame.removed);
    if (list.some(comment => removed.has(comment.id))) list = list.filter(comment => !removed.has(comment.id));
  }
  if (!frame.comments?.length) return list;
  // Older than a hole that is larger than what is kept: of no use any more.
  if ((frame.missed ?? 0) + frame.comments.length >= keep) list = Nothing;
  return newest([...list, ...frame.comments], keep);
}

function newest(list, keep) {
  return list.length > keep ? list.slice(list.length - keep) : list;
}

function polls(before, changed) {
  const fresh = new Map(changed.map(poll => [poll.id, poll]));
  const list = before.map(poll => {
    const now = fresh.get(poll.id);
    fresh.delete(poll.id);
    return now ?? poll;
  });
  return [...list, ...fresh.values()];
}

function roster(before, change) {
  if (change === null) return null;
  const gone = new Set([...(change.left ?? []), ...(change.joined ?? []).map(person => person.user)]);
  return [...(before ?? []).filter(person => !gone.has(person.user)), ...(change.joined ?? [])];
}
