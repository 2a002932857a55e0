// Stock clients by the dozen, in one process: each follows one race, and notes all that it is told, in order.
// node crowd.mjs URL CLIENTS, these as JSON: [{ transports, raceId, how, asks }]; `asks` is subscribe_race or ping, which
// it sends again and again, each after the answer to the last. A line on stdin, { raceId: version }, ends it once all
// hold these versions; then it prints a line for each client: [what, name or id, version, base, full].
import { createInterface } from "node:readline";
import { decode } from "@msgpack/msgpack";
import { io } from "socket.io-client";

const [url, clients] = process.argv.slice(2);
const ASK_EVERY_MS = 20;

function client({ transports, raceId, how, asks }) {
  const noted = [];
  const self = { noted, raceId, held: -1, changed: () => {} };
  const socket = io(url, { transports, forceNew: true });
  let asked = 0;
  const ask = () => {
    if (!socket.connected) return;
    const id = (asked += 1);
    const body = asks === "ping" ? [] : [{ raceId, ...how, ...(self.held < 0 ? {} : { since: self.held }) }];
    socket.emit(asks, ...body, (answer) => {
      noted.push(["ack", id, answer.version ?? null, null, null]);
      if (socket.connected) setTimeout(ask, ASK_EVERY_MS);
    });
  };
  socket.on("subscribed", (message) => noted.push(["subscribed", message.raceId, message.version, null, null]));
  socket.on("odds_update", (message) => {
    const { raceId: told, payload } = Buffer.isBuffer(message) ? decode(message) : message;
    noted.push(["update", told, payload.version, payload.base, payload.full]);
    self.held = Math.max(self.held, payload.version);
    self.changed();
  });
  for (const event of ["error", "connect_error"]) socket.on(event, (told) => noted.push([event, String(told.message), null, null, null]));
  socket.on("disconnect", (reason) => noted.push(["disconnect", reason, null, null, null]));
  self.ready = new Promise((resolve) => {
    socket.on("connect", () => {
      socket.emit("subscribe_race", { raceId, ...how }, () => {
        noted.push(["ack", 0, null, null, null]);
        ask();
        resolve();
      });
    });
  });
  self.reaches = (version) =>
    new Promise((resolve) => {
      self.changed = () => self.held >= version && resolve();
      self.changed();
    });
  self.leave = () => socket.disconnect();
  self.transport = () => socket.io.engine.transport.name;
  return self;
}

const all = JSON.parse(clients).map(client);
await Promise.all(all.map((one) => one.ready));
console.log(JSON.stringify("ready"));
for await (const line of createInterface({ input: process.stdin })) {
  const versions = JSON.parse(line);
  await Promise.all(all.map((one) => one.reaches(versions[one.raceId])));
  for (const one of all) console.log(JSON.stringify({ transport: one.transport(), noted: one.noted }));
  for (const one of all) one.leave();
  break;
}
process.stdin.destroy();
