// The peer: Node's socket.io with the same rooms, messages and pattern as ours.
//
// node fan_out.mjs PORT BODY_FILE [redis=URL] [deflate] [answers=IMAGE_FILE]
//
// `answers`: a subscription is answered with what ours answers (`subscribed`, the image, an acknowledgement that says the
// same), so that a set-up is the same work; without, it is only acknowledged.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-adapter";
import { createClient } from "redis";
import { Server } from "socket.io";

const [port, bodyFile, ...given] = process.argv.slice(2);
const body = JSON.parse(readFileSync(bodyFile, "utf8"));
const options = Object.fromEntries(given.map((option) => option.split(/=(.*)/s)));
const image = options.answers && JSON.parse(readFileSync(options.answers, "utf8"));

const web = createServer();
const deflate = { perMessageDeflate: { threshold: 256, serverNoContextTakeover: true } };
const io = new Server(web, "deflate" in options ? deflate : {});
if (options.redis) {
  const publishing = createClient({ url: options.redis });
  const listening = publishing.duplicate();
  await Promise.all([publishing.connect(), listening.connect()]);
  io.adapter(createAdapter(publishing, listening));
}

const nowNs = () => Number(process.hrtime.bigint());

// Message i goes to race i mod n. Those of one point of the grid leave in one turn; without a rate each has its own.
function send({ k, rate, stepMs, raceIds }) {
  const perPoint = rate > 0 && stepMs > 0 ? Math.max(1, Math.round((rate * stepMs) / 1000)) : 1;
  const everyMs = rate > 0 ? (perPoint * 1000) / rate : 0;
  const begunMs = performance.now();
  let sent = 0;
  const point = () => {
    const ts = nowNs();
    for (let i = 0; i < perPoint && sent < k; i++, sent++) {
      const raceId = raceIds[sent % raceIds.length];
      const seq = Math.floor(sent / raceIds.length);
      io.to(`race:${raceId}`).emit("odds_update", { ts, seq, ...body, raceId });
    }
    if (sent >= k) return;
    if (rate > 0) setTimeout(point, Math.max(0, begunMs + (sent / perPoint) * everyMs - performance.now()));
    else setImmediate(point);
  };
  point();
}

async function follow(socket, raceIds, acknowledge) {
  await socket.join(raceIds.map((raceId) => `race:${raceId}`));
  if (!image) return acknowledge?.("ok");
  const told = { type: "race", raceId: raceIds[0], message: `You follow ${raceIds[0]}.`, version: 1, status: "DORMANT" };
  socket.emit("subscribed", told);
  for (const raceId of raceIds) socket.emit("odds_update", { ...image, raceId, timestamp: new Date().toISOString() });
  return acknowledge?.(told);
}

io.on("connection", (socket) => {
  socket.on("subscribe_race", ({ raceId }, acknowledge) => follow(socket, [raceId], acknowledge));
  socket.on("subscribe_races", ({ raceIds }, acknowledge) => follow(socket, raceIds, acknowledge));
  socket.on("bench", ({ raceId, raceIds = [raceId], ...asked }) => send({ ...asked, raceIds }));
});
web.listen({ port: Number(port), host: "127.0.0.1", backlog: 4096 });
