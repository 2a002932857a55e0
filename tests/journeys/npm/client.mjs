// The stock client, as a page of somebody else's would use it: follow one race, print every message as a line of JSON.
// node client.mjs URL RACE_ID TRANSPORT [OPTIONS], the last as JSON: { token, replay, ...what is added to subscribe_race }
import { decode } from "@msgpack/msgpack";
import { io } from "socket.io-client";

const [url, raceId, transport, options = "{}"] = process.argv.slice(2);
const { token, replay, ...how } = JSON.parse(options);
const socket = io(url, { transports: [transport], auth: token === undefined ? undefined : { token } });
const print = (event, message) => console.log(JSON.stringify({ event, message }));

for (const event of ["subscribed", "race_status", "news_update", "notification", "server_restart", "error"]) {
  socket.on(event, (message) => print(event, message));
}
socket.on("odds_update", (message) => print("odds_update", Buffer.isBuffer(message) ? decode(message) : message));
socket.on("connect_error", (error) => print("connect_error", { message: error.message, data: error.data }));
socket.on("connect", () => {
  socket.emit("subscribe_race", { raceId, ...how }, (answer) => print("acknowledged", answer));
  if (replay) socket.emit("replay", replay, (answer) => print("replayed", answer));
});
