// The peer: Node's socket.io doing what our server does for one race. node peer.mjs PORT MESSAGE_FILE
// POST / is a write: it raises the version, sends the message to the room, then answers.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { Server } from "socket.io";

const [port, messageFile] = process.argv.slice(2);
const message = JSON.parse(readFileSync(messageFile, "utf8"));
let version = message.payload.version;

const web = createServer((request, response) => {
  if (request.url.startsWith("/socket.io/")) return;
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => {
    if (request.method === "POST") {
      JSON.parse(body);
      version += 1;
      const payload = { ...message.payload, version };
      io.to(`race:${message.raceId}`).emit("odds_update", { ...message, payload, timestamp: new Date().toISOString() });
    }
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ version }));
  });
});
const io = new Server(web);
io.on("connection", (socket) => {
  socket.on("subscribe_race", ({ raceId }) => {
    socket.join(`race:${raceId}`);
    socket.emit("odds_update", message);
  });
});
web.listen({ port: Number(port), host: "127.0.0.1", backlog: 4096 });
