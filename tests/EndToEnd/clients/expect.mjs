// What every script here shares: arguments as --name=value, waiting for something, ending with a message.
export const args = Object.fromEntries(process.argv.slice(2).map(text => {
  const [, name, value] = /^--([a-z]+)=(.*)$/s.exec(text);
  return [name, value];
}));

export function expect(holds, what) {
  if (!holds) throw new Error(`Expected: ${what}`);
}

/** How long to wait for what must come, in ms: long, for it costs time only when it does not. */
export const patienceMs = 90_000;

/** Resolves with the first truthy value of `probe`, asked every 10 ms; rejects naming what did not come. */
export async function until(probe, what, limitMs = patienceMs) {
  const end = Date.now() + limitMs;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > end) throw new Error(`Did not come within ${limitMs} ms: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

/** Runs the scenario and ends the process: 0 when it held, 1 with the reason. */
export function run(scenario) {
  scenario().then(() => process.exit(0), error => {
    console.error(error);
    process.exit(1);
  });
}

/** Adds up frames as a viewer does. */
export class Ledger {
  totals = {}; summed = {}; snapshots = 0; frames = 0; position = null; comments = new Map(); viewers = 0;

  take(frame, isSnapshot) {
    this.position = frame.position;
    if (isSnapshot) {
      this.snapshots++;
      this.totals = { ...frame.totals };
      this.summed = { ...frame.totals };
      this.comments.clear();
    } else {
      this.frames++;
      Object.assign(this.totals, frame.totals);
      for (const [kind, change] of Object.entries(frame.delta ?? {})) this.summed[kind] = (this.summed[kind] ?? 0) + change;
    }
    if (frame.viewers !== undefined) this.viewers = frame.viewers;
    for (const comment of frame.comments ?? []) {
      expect(!this.comments.has(comment.id), `${comment.id} only once`);
      this.comments.set(comment.id, comment);
    }
  }

  expectBalanced() {
    for (const [kind, total] of Object.entries(this.totals)) expect(this.summed[kind] === total, `deltas of ${kind} to add up to ${total}, not ${this.summed[kind]}`);
  }
}
