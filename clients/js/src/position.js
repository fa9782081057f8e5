/** `epoch.offset`, as the service writes positions. */
function parse(position) {
  const dot = position.lastIndexOf(".");
  return { epoch: position.slice(0, dot), offset: Number(position.slice(dot + 1)) };
}

/** Whether someone who is at `place` has seen what happened at `position`; null where the epochs differ and nobody can say. */
export function hasPassed(place, position) {
  if (!place) return false;
  const at = parse(place), wanted = parse(position);
  return at.epoch === wanted.epoch ? at.offset >= wanted.offset : null;
}
