// Watches a stream with the project's client and keeps account of everything it was told. Self-contained, because it also runs inside a page.
export async function observe(name, { module, url, token, transport, stream: id }) {
  const { InteractionsClient } = await import(module);
  const client = new InteractionsClient({ url, token, transport });
  const stream = client.stream(id, { keepComments: 2000 });
  const account = { comments: [], summed: {}, wrong: [], connections: 0, snapshots: 0, frames: 0, missed: 0, transports: [] };
  stream.on("comment", comment => account.comments.push(comment.id));
  stream.on("frame", ({ frame, isSnapshot, state }) => {
    if (isSnapshot) {
      account.snapshots++;
      account.summed = { ...frame.totals };
    } else {
      account.frames++;
      account.missed += frame.missed ?? 0;
      for (const [kind, count] of Object.entries(frame.delta ?? {})) account.summed[kind] = (account.summed[kind] ?? 0) + count;
    }
    for (const [kind, total] of Object.entries(state.totals)) {
      if (account.summed[kind] !== total) account.wrong.push(`${frame.position}: deltas of ${kind} add up to ${account.summed[kind]}, the total is ${total}`);
    }
  });
  stream.on("connection", ({ state, transport }) => {
    if (state !== "live") return;
    account.connections++;
    if (!account.transports.includes(transport)) account.transports.push(transport);
  });
  (globalThis.observers ??= {})[name] = { client, stream, account };
}
