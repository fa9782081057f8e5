// A Chromium that several scripts share: writes where it is, and ends when its input does.
import { serve } from "./stage.mjs";

const server = await serve();
console.log(server.wsEndpoint());
process.stdin.on("end", () => server.close().then(() => process.exit(0))).resume();
