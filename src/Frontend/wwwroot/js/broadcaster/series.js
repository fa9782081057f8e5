// What happened when: from the timeline endpoint, and from frames as they come in between.

const resyncMs = 60_000;
const secondsAtOnce = 500; // as many steps as one answer has

export class Series {
  #stream; #steps = []; #live = new Map(); #timer; #offs; #loading = false; #until = 0;
  problem = null;

  constructor(stream) {
    this.#stream = stream;
    this.#offs = [
      stream.on("frame", ({ frame, isSnapshot, state }) => (isSnapshot ? this.load() : this.#take(frame, state))),
    ];
    this.#timer = setInterval(() => document.hidden || this.load(), resyncMs);
    this.load();
  }

  async load() {
    if (this.#loading) return;
    this.#loading = true;
    try {
      // All of it as fine as one answer has it, and the newest by the second.
      const { at, endedAt } = this.#stream.state;
      const split = Math.floor((endedAt ?? at ?? Date.now()) / 1000 - secondsAtOnce + 2) * 1000;
      const parts = await Promise.all([this.#stream.timeline({ step: 1, to: split }), this.#stream.timeline({ step: 1, from: split })]);
      this.#steps = parts.flatMap(({ step, steps }) => steps.map(({ at, reactions, comments, viewers }) => ({ at, ms: step * 1000, reactions, comments, viewers: viewers.mean, peak: viewers.peak })));
      this.problem = null;
      // The last step may not be over: what frames say is added from there on.
      const last = this.#steps.at(-1);
      this.#until = last ? last.at + last.ms : 0;
      for (const second of this.#live.keys()) if (second < this.#until) this.#live.delete(second);
    } catch (error) {
      this.problem = error;
    }
    this.#loading = false;
  }

  /** All steps from `from` on, oldest first: { at, ms, reactions, comments, viewers, peak }. */
  since(from) {
    const kept = this.#steps.filter(step => step.at + step.ms > from);
    return kept.concat([...this.#live.values()].filter(step => step.at >= this.#until && step.at + step.ms > from));
  }

  close() {
    clearInterval(this.#timer);
    for (const off of this.#offs) off();
  }

  #take(frame, state) {
    const second = Math.floor(frame.at / 1000) * 1000;
    let step = this.#live.get(second);
    if (!step) {
      this.#live.set(second, (step = { at: second, ms: 1000, reactions: {}, comments: 0, viewers: 0, peak: 0 }));
      if (this.#live.size > 3700) this.#live.delete(this.#live.keys().next().value);
    }
    for (const [kind, count] of Object.entries(frame.delta ?? {})) if (count > 0) step.reactions[kind] = (step.reactions[kind] ?? 0) + count;
    step.comments += (frame.comments?.length ?? 0) + (frame.missed ?? 0);
    step.viewers = state.viewers;
    step.peak = Math.max(step.peak, state.viewers);
  }
}
