// The eventsource package: watches, is cut off, comes back by itself with Last-Event-ID.
import { createServer, connect } from "node:net";
import { EventSource } from "eventsource";
import { args, expect, Ledger, run, until } from "./expect.mjs";

run(async () => {
  // A proxy of bytes, so that the connection can be cut under the client.
  const target = new URL(args.base);
  const pairs = new Set();
  let connections = 0;
  const proxy = createServer(near => {
    connections++;
    const far = connect(Number(target.port), target.hostname);
    near.pipe(far).pipe(near);
    near.on("error", () => far.destroy());
    far.on("error", () => near.destroy());
    pairs.add(near);
  });
  await new Promise(resolve => proxy.listen(0, "127.0.0.1", resolve));

  const ledger = new Ledger();
  const source = new EventSource(`http://127.0.0.1:${proxy.address().port}/v1/streams/${args.stream}/events?access_token=${args.token}`);
  source.addEventListener("snapshot", event => ledger.take(JSON.parse(event.data), true));
  source.addEventListener("frame", event => {
    expect(event.lastEventId === JSON.parse(event.data).position, "the id to be the position");
    ledger.take(JSON.parse(event.data), false);
  });
  await until(() => ledger.snapshots === 1, "a snapshot");

  const send = async items => {
    const answer = await fetch(`${args.base}v1/streams/${args.stream}/interactions`, {
      method: "POST", headers: { "content-type": "application/json", authorization: `Bearer ${args.token}` }, body: JSON.stringify(items),
    });
    expect(answer.status === 200, `200, not ${answer.status}`);
    return (await answer.json()).results;
  };
  const [liked, said] = await send([{ type: "reaction", kind: "like", count: 2 }, { type: "comment", text: "before the cut" }]);
  expect(liked.status === "accepted" && said.status === "accepted", "to be accepted");
  await until(() => ledger.comments.has(said.id), "the comment");

  for (const near of pairs) near.destroy();
  const [, late] = await send([{ type: "reaction", kind: "like", count: 5 }, { type: "comment", text: "during the cut" }]);
  await until(() => ledger.comments.has(late.id), "the comment that was sent during the cut");
  expect(connections >= 2, "a second connection");
  expect(ledger.snapshots === 1, "to go on without a snapshot");
  ledger.expectBalanced();
  source.close();
});
