/** Opens the one connection of a page: WebSocket first, long-polling where that does not get through. */

import { io } from "../../vendor/socket.io.esm.min.js";

const RETRY_MS = 500;
const RETRY_AT_MOST_MS = 4_000;

/** Return the connected (or connecting) socket; it comes back by itself for as long as the page lives. */
export function openConnection() {
  const socket = io({
    path: "/socket.io",
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    reconnectionDelay: RETRY_MS,
    reconnectionDelayMax: RETRY_AT_MOST_MS,
    timeout: 6_000,
  });
  const manager = socket.io;
  // A worker that goes down says when to come back; after that the usual pace holds again.
  socket.on("server_restart", ({ retryAfterMs }) => manager.reconnectionDelay(Math.max(retryAfterMs ?? 0, RETRY_MS)));
  socket.on("connect", () => manager.reconnectionDelay(RETRY_MS));
  // After these words Socket.IO does not come back by itself.
  socket.on("disconnect", (reason) => {
    if (reason === "io server disconnect") setTimeout(() => socket.connect(), RETRY_MS);
  });
  socket.on("connect_error", (error) => {
    // A refused transport is followed by the next one at once. One that is swallowed (some proxies do that to
    // WebSockets) ends in a timeout instead: then the other goes first.
    if (error.message === "timeout") manager.opts.transports = manager.opts.transports.toReversed();
    // A refused handshake ends the retries: keep asking, slowly.
    if (!socket.active) setTimeout(() => socket.connect(), RETRY_AT_MOST_MS);
  });
  return socket;
}
