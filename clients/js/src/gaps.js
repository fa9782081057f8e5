const Tries = 10;
const Page = 500;

/** Finds the comments that were written while a viewer was away and that the frame which brought it back left out. */
export class Gaps {
  #comments; #keep; #isOver; #open = new Set();

  /**
   * @param comments ({ before, limit }) → Promise of the comments before that one
   * @param keep how many the viewer keeps
   * @param isOver () → whether nobody wants them any more
   */
  constructor({ comments, keep, isOver }) {
    this.#comments = comments;
    this.#keep = keep;
    this.#isOver = isOver;
  }

  /** These were deleted: what is found must not bring them back. */
  removed(ids) {
    for (const gap of this.#open) for (const id of ids) gap.add(id);
  }

  /** Oldest first, all of them before the frame's first comment; as far as they are kept. Never rejects. */
  async find(before, frame, isSnapshot) {
    const first = frame.comments?.[0]?.id, seen = new Set(before.comments.map(comment => comment.id));
    const last = before.comments.at(-1)?.at ?? before.at;
    let limit = this.#keep - (frame.comments?.length ?? 0);
    if (!isSnapshot) limit = Math.min(limit, frame.missed ?? 0);
    // A snapshot does not say how many there were; it leads on where it has the last one that was seen, or an older one.
    else if (before.position === null || !first || frame.comments.some(comment => seen.has(comment.id) || comment.at < last)) limit = 0;
    if (limit <= 0) return [];

    const removed = new Set();
    this.#open.add(removed);
    let found = [];
    for (let more = true; more && found.length < limit;) {
      const page = await this.#fetch({ before: found[0]?.id ?? first, limit: Math.min(limit - found.length, Page) });
      const fresh = isSnapshot ? page.filter(comment => comment.at >= last && !seen.has(comment.id)) : page;
      found = [...fresh, ...found];
      more = page.length > 0 && fresh.length === page.length;
    }
    this.#open.delete(removed);
    return found.filter(comment => !removed.has(comment.id));
  }

  // The service may go away again just now. Where it does not answer in the end the hole stays; comments({ before }) is there for who wants it.
  async #fetch(which) {
    for (let tries = 0; tries < Tries && !this.#isOver(); tries++) {
      try {
        return await this.#comments(which);
      } catch (error) {
        if (error.status >= 400 && error.status < 500 && error.status !== 429) break;
        await new Promise(resolve => setTimeout(resolve, 1000 * (1 + Math.random())));
      }
    }
    return [];
  }
}
