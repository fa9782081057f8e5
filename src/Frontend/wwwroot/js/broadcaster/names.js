// What users are called, as far as this page has heard: bans say only ids.
const most = 2000;

export class Names {
  #known = new Map(); #off;

  constructor(stream) {
    this.#hear(stream.state.roster ?? []);
    this.#hear(stream.state.comments);
    this.#off = stream.on("frame", ({ frame }) => {
      this.#hear(frame.roster?.joined ?? []);
      this.#hear(frame.comments ?? []);
    });
  }

  of(user) { return this.#known.get(user) ?? user; }

  close() { this.#off(); }

  #hear(people) {
    for (const { user, name } of people) {
      if (!name) continue;
      this.#known.delete(user);
      this.#known.set(user, name);
    }
    while (this.#known.size > most) this.#known.delete(this.#known.keys().next().value);
  }
}
