// The stock client, as a page of somebody else's would use it: follow one race, print every message as a line of JSON.
// node client.mjs URL RACE_ID TRANSPORT
import { io } from "socket.io-client";

const [url, raceId, transport] = process.argv.slice(2);
const socket = io(url, { transports: [transport] });
const print = (event, message) => console.log(JSON.stringify({ event, message }));

for (const event of ["subscribed", "odds_update", "race_status", "error"]) {
  socket.on(event, (message) => print(event, message));
}
socket.on("connect_error", (error) => print("connect_error", error.message));
socket.on("connect", () => {
  socket.emit("subscribe_race", { raceId }, (answer) => print("acknowledged", answer));
});
