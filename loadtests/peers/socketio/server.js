// Socket.IO as its guide sets it up, WebSockets only: what is posted to /publish is emitted to everyone.
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer((request, response) => {
  let body = "";
  request.on("data", part => { body += part; });
  request.on("end", () => {
    if (request.method === "POST") io.emit("frame", JSON.parse(body));
    response.end("ok");
  });
});
const io = new Server(http, { transports: ["websocket"], serveClient: false });
http.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 });
