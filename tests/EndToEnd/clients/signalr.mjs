// @microsoft/signalr: Watch with one argument, Send, Ping with and without, Watch again from a position, every kind of error; over one --transport.
import { HttpTransportType, HubConnectionBuilder, LogLevel, Subject } from "@microsoft/signalr";
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

// What JavaScript is told: `code: detail` and nothing before it.
async function expectErrors(hub) {
  const like = [{ type: "reaction", kind: "like" }];
  const calls = [
    ["stream", "bad_request", "Watch"], ["stream", "bad_request", "Watch", 5], ["stream", "bad_request", "Watch", null], ["stream", "bad_request", "Watch", args.stream, 5],
    ["stream", "bad_request", "Watch", args.stream, null, "more"], ["stream", "bad_request", "Watch", "no such id"], ["stream", "not_found", "Watch", "nowhere"],
    ["stream", "bad_request", "Send", args.stream, like], ["stream", "not_found", "Nothing"],
    ["invoke", "bad_request", "Watch", args.stream], ["invoke", "bad_request", "Send"], ["invoke", "bad_request", "Send", args.stream],
    ["invoke", "bad_request", "Send", args.stream, like, "more"], ["invoke", "bad_request", "Send", 5, like], ["invoke", "bad_request", "Send", args.stream, null],
    ["invoke", "bad_request", "Send", args.stream, "like"], ["invoke", "bad_request", "Send", args.stream, []], ["invoke", "bad_request", "Send", args.stream, new Subject()],
    ["invoke", "bad_request", "Send", args.stream, [{ ...like[0], count: 0 }]], ["invoke", "bad_request", "Send", args.stream, [{ ...like[0], count: 101 }]],
    ["invoke", "not_found", "Send", "nowhere", like], ["invoke", "bad_request", "Ping", ["late"]], ["invoke", "bad_request", "Ping", "late"],
    ["invoke", "bad_request", "Ping", [], "more"], ["invoke", "not_found", "Nothing", 1], ["invoke", "not_found", "OnDisconnectedAsync", null],
  ];
  for (const [way, code, method, ...given] of calls) {
    const told = await new Promise((resolve, reject) => {
      if (way === "invoke") hub.invoke(method, ...given).then(answer => reject(new Error(`${method}: ${JSON.stringify(answer)}`)), resolve);
      else hub.stream(method, ...given).subscribe({ next: reject, complete: () => reject(new Error(`${method} completed`)), error: resolve });
    });
    expect(new RegExp(`^${code}: .+`).test(told.message), `${way} ${method}(${given.map(String)}) to fail with ${code}, not ${told.message}`);
  }
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
  await expectErrors(hub);

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
