// @microsoft/signalr: Watch with one argument, Send, Ping with and without, Watch again from a position; over one --transport.
import { HttpTransportType, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { args, expect, Ledger, run, until } from "./expect.mjs";

async function connect() {
  const hub = new HubConnectionBuilder()
    .withUrl(`${args.base}hubs/interactions`, { accessTokenFactory: () => args.token, transport: HttpTransportType[args.transport] })
    .configureLogging(LogLevel.Error)
    .build();
  await hub.start();
  return hub;
}

function watch(hub, ledger, ...position) {
  const seen = { first: null, error: null };
  seen.subscription = hub.stream("Watch", args.stream, ...position).subscribe({
    next: frame => {
      // A snapshot is the frame that has everything; as over a WebSocket it also says so.
      seen.first ??= frame;
      ledger.take(frame, frame.t === "snapshot");
    },
    error: error => { seen.error = error; },
    complete: () => {},
  });
  return seen;
}

run(async () => {
  const hub = await connect();
  const ledger = new Ledger();
  const first = watch(hub, ledger);
  await until(() => { if (first.error) throw first.error; return ledger.snapshots === 1; }, "a snapshot");

  const items = [{ type: "reaction", kind: "like", count: 4 }, { type: "comment", text: "from SignalR" }, { type: "reaction", kind: "no such kind" }];
  const answer = await hub.invoke("Send", args.stream, items);
  const results = answer.results ?? answer;
  expect(results[0].status === "accepted" && results[1].status === "accepted", `two accepted, not ${JSON.stringify(results)}`);
  expect(results[2].status === "rejected" && results[2].code === "unknown_kind", `unknown_kind, not ${JSON.stringify(results[2])}`);
  await until(() => ledger.comments.has(results[1].id), "its own comment");
  await until(() => ledger.totals.like >= 4, "its own likes");

  const reported = await hub.invoke("Ping", [12.5, 31]);
  const asked = await hub.invoke("Ping");
  expect(Math.abs(reported - Date.now()) < 20000 && asked >= reported, `the server's time, not ${reported} and ${asked}`);
  const refused = await hub.invoke("Ping", ["late"]).then(() => null, error => error.message);
  expect(refused?.includes("bad_request"), `bad_request, not ${refused}`);

  const position = ledger.position;
  first.subscription.dispose();
  const more = await hub.invoke("Send", args.stream, [{ type: "reaction", kind: "like", count: 1 }, { type: "comment", text: "missed" }]);
  const missed = (more.results ?? more)[1].id;

  const again = await connect();
  const second = watch(again, ledger, position);
  await until(() => { if (second.error) throw second.error; return ledger.comments.has(missed); }, "what was missed");
  expect(second.first.t !== "snapshot" && ledger.snapshots === 1, "to go on without a snapshot");
  ledger.expectBalanced();
  await hub.stop();
  await again.stop();
});
