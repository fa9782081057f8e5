// Chromium's own EventSource and WebSocket. --scenario=native
import { args, expect, patienceMs, run } from "./expect.mjs";
import { open } from "./stage.mjs";

async function native(browser) {
  const page = await (await browser.newContext()).newPage();
  await page.goto(args.base);
  const outcome = await page.evaluate(async ({ stream, token, patienceMs }) => {
    const waitFor = async (probe, what) => {
      const end = Date.now() + patienceMs;
      while (!probe()) {
        if (Date.now() > end) throw new Error(`Did not come: ${what}`);
        await new Promise(resolve => setTimeout(resolve, 10));
      }
    };
    const events = [], messages = [];
    const source = new EventSource(`/v1/streams/${stream}/events?access_token=${token}`);
    source.addEventListener("snapshot", event => events.push({ t: "snapshot", id: event.lastEventId, ...JSON.parse(event.data) }));
    source.addEventListener("frame", event => events.push({ t: "frame", id: event.lastEventId, ...JSON.parse(event.data) }));
    const socket = new WebSocket(`ws://${location.host}/v1/streams/${stream}/socket?access_token=${token}`, "interactions.v1.json");
    socket.onmessage = event => messages.push(JSON.parse(event.data));
    await waitFor(() => events.length && messages.length, "both snapshots");
    socket.send(JSON.stringify({ t: "send", ref: 1, items: [{ type: "reaction", kind: "like", count: 2 }, { type: "comment", text: "from Chromium" }] }));
    const said = list => list.some(item => item.t === "frame" && item.comments?.some(comment => comment.text === "from Chromium"));
    await waitFor(() => said(events), "the comment over EventSource");
    await waitFor(() => said(messages), "the comment over WebSocket");
    await waitFor(() => messages.some(message => message.t === "ack"), "the ack");
    source.close();
    socket.close();
    return { first: [events[0].t, messages[0].t], ids: events.every(event => event.id === event.position), protocol: socket.protocol, ack: messages.find(message => message.t === "ack") };
  }, { ...args, patienceMs });
  expect(outcome.first.join() === "snapshot,snapshot", `two snapshots first, not ${outcome.first}`);
  expect(outcome.ids, "each event's id to be its position");
  expect(outcome.protocol === "interactions.v1.json", "the subprotocol");
  expect(outcome.ack.ref === 1 && outcome.ack.results.every(result => result.status === "accepted"), "both accepted");
}

run(async () => {
  const browser = await open();
  try {
    await { native }[args.scenario](browser);
  } finally {
    await browser.close();
  }
});
