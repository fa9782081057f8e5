// The built service as a process of its own that can be killed and started again on the same folder and port.
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const key = "a key of these tests, and of nothing else";
const built = fileURLToPath(new URL("../../../src/Frontend/bin/Release/net10.0/Interactions.Frontend.dll", import.meta.url));

export async function startService(dll = built) {
  const port = await freePort(), folder = mkdtempSync(join(tmpdir(), "interactions-"));
  const service = { address: `http://127.0.0.1:${port}/`, output: "" };
  let child = null;

  service.start = async () => {
    child = spawn("dotnet", [dll, "--Urls", service.address, "--Auth:Key", key, "--Log:Path", folder, "--Limits:InteractionsPerSecondPerUser", "100000"]);
    for (const out of [child.stdout, child.stderr]) out.on("data", data => { service.output += data; });
    const mine = child, end = Date.now() + 60_000;
    for (;;) {
      const answer = await fetch(`${service.address}readyz`).catch(() => null);
      if (answer?.ok) return;
      if (mine.exitCode !== null || Date.now() > end) throw new Error(`The service did not start:\n${service.output}`);
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  };
  /** SIGKILL, or SIGTERM as an operator stops it. */
  service.stop = async signal => {
    const mine = child;
    const gone = new Promise(resolve => mine.once("exit", resolve));
    mine.kill(signal);
    await gone;
  };
  service.close = () => {
    child?.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  process.on("exit", service.close);
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
  await service.start();
  return service;
}

/** A token of that user for so many seconds. */
export function tokenFor(sub, role = "viewer", seconds = 3600) {
  const part = value => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub, name: `Name of ${sub}`, role, exp: Math.floor(Date.now() / 1000) + seconds })}`;
  return `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`;
}

function freePort() {
  return new Promise(resolve => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
