// A TCP proxy on this machine that does to connections what networks do.
import net from "node:net";

/**
 * `proxy.mode`: `pass`; `refuse-upgrade` (WebSockets are answered 403); `buffer` (that, and event streams are held back);
 * `silent-upgrade` (WebSockets open, and nothing comes through them). Each new connection takes the mode of its time.
 */
export async function openProxy(target, mode = "pass") {
  const { port } = new URL(target);
  const pairs = new Set();
  const proxy = { mode, accepted: [], address: null };

  const server = net.createServer(inside => {
    proxy.accepted.push(Date.now());
    const how = proxy.mode, outside = net.connect(Number(port), "127.0.0.1");
    const pair = { inside, outside, dropped: false };
    pairs.add(pair);
    const end = () => { inside.destroy(); outside.destroy(); pairs.delete(pair); };
    let holds = false;
    inside.on("data", data => {
      if (pair.dropped) return;
      const head = data.toString("latin1");
      const upgrades = /^GET .*\r\n[^]*upgrade: websocket/i.test(head);
      if (upgrades && (how === "refuse-upgrade" || how === "buffer")) return void inside.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
      if (upgrades && how === "silent-upgrade") pair.muteAfterHead = true;
      if (/^GET \S*\/events/.test(head) && how === "buffer") holds = true;
      outside.write(data);
    });
    outside.on("data", data => {
      if (pair.dropped || holds) return;
      if (pair.muteAfterHead) {
        const text = data.toString("latin1"), end = text.indexOf("\r\n\r\n");
        if (end >= 0) { inside.write(data.subarray(0, end + 4)); holds = true; }
        return;
      }
      inside.write(data);
    });
    for (const socket of [inside, outside]) {
      socket.setNoDelay(true);
      socket.on("error", () => { });
      socket.on("close", end);
    }
  });

  /** Breaks them with a reset, all or so many of them at random. */
  proxy.cut = (count = Infinity) => {
    const all = [...pairs].sort(() => Math.random() - 0.5).slice(0, count);
    for (const { inside, outside } of all) { inside.resetAndDestroy(); outside.resetAndDestroy(); }
    return all.length;
  };
  /** From now on nothing comes through those that are open, and nobody is told. */
  proxy.drop = () => { for (const pair of pairs) pair.dropped = true; };
  proxy.count = () => pairs.size;
  proxy.close = () => { server.close(); proxy.cut(); };
  await new Promise(resolve => server.listen(0, "127.0.0.1", 4096, resolve));
  proxy.address = `http://127.0.0.1:${server.address().port}/`;
  return proxy;
}
