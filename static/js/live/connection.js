/** The one connection of a page: Socket.IO's client, opened and closed as reconnection.js says. */

import { io } from "../../vendor/socket.io.esm.min.js";
import { Identity } from "./identity.js";
import { closed, next } from "./reconnection.js";

const REFUSED_TOKENS = ["token_invalid", "token_expired"];

export class Connection {
  #identity;
  #held = closed({ visible: isVisible(), online: navigator.onLine });
  #timer = null;
  #tokenRefused = null;
  #isRenewing = false;
  #listeners = new Set();

  /** Nothing is opened yet. `url` is another site's, `auth` as in Socket.IO; both may be left out. */
  constructor({ url, auth } = {}) {
    this.#identity = new Identity(auth);
    this.socket = io(url, {
      path: "/socket.io",
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      auth: (send) => this.#identity.offer(send),
      autoConnect: false,
      // Its own retries can neither rest nor be cut short, and begin anew whenever a transport opens, even where the
      // handshake is then refused. Its timeout ends before the handshake. Both would be a second timer beside ours.
      reconnection: false,
      timeout: false,
    });
    this.status = this.#read();
    this.#listenToSocket();
    this.#listenToPage();
  }

  /** Call `listener(status)` after every change, until the returned function is called. */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Connect, and come back until closed. */
  open() {
    this.#tell("open");
  }

  /** Leave; `open` begins anew. */
  close() {
    this.#tell("close");
  }

  /** Give up a connection that is evidently dead, for a new one. */
  renew() {
    this.socket.disconnect();
  }

  /** Raise or renew the identity, on the open connection and at every handshake from now on. */
  authenticate(token) {
    this.#identity.renew(token);
    if (this.socket.connected) this.socket.emit("authenticate", { token });
  }

  #listenToSocket() {
    const { socket } = this;
    socket.on("connect", () => {
      if (this.#identity.accepted()) this.#tokenRefused = null;
      this.#tell("connected");
    });
    socket.on("disconnect", () => this.#tell("lost"));
    socket.on("connect_error", ({ data }) => this.#notConnected(data ?? {}));
    socket.on("server_restart", ({ retryAfterMs }) => this.#tell("retryAfter", retryAfterMs));
    socket.on("authenticated", () => this.#tellToken(null));
    socket.on("error", ({ type, event, retryAfterMs }) => {
      if (REFUSED_TOKENS.includes(type)) this.#tellToken(type);
      // A page that was signed out while it came back hears of it when it asks for its notifications.
      const isNobodys = event ? event === "replay" && type === "unauthorized" : REFUSED_TOKENS.includes(type);
      if (isNobodys && this.#identity.isByCookie) this.#renewCookie();
      // Without an event it is the connection itself that is refused, and about to be closed.
      const isOfConnection = type === "too_many_connections" || !event;
      if (retryAfterMs !== undefined && isOfConnection) this.#tell("retryAfter", retryAfterMs);
    });
  }

  /** The script for it is fetched when it is needed: most pages are left before. */
  async #renewCookie() {
    if (this.#isRenewing) return;
    this.#isRenewing = true;
    try {
      const { newCookie } = await import("./renewal.js");
      if (!(await newCookie())) return;
    } finally {
      this.#isRenewing = false;
    }
    this.#tellToken(null);
    this.renew();
  }

  #listenToPage() {
    document.addEventListener("visibilitychange", () => this.#tell(isVisible() ? "shown" : "hidden"));
    // A page out of the back-forward cache is shown before it has noticed that its socket is gone.
    addEventListener("pageshow", ({ persisted }) => persisted && this.#tell("shown"));
    for (const word of ["online", "offline"]) addEventListener(word, () => this.#tell(word));
  }

  #notConnected({ type, retryAfterMs }) {
    if (REFUSED_TOKENS.includes(type) && this.#identity.refuse()) {
      this.#tokenRefused = type;
      this.#tell("refused");
      return;
    }
    if (retryAfterMs !== undefined) this.#tell("retryAfter", retryAfterMs);
    this.#tell("failed");
  }

  #tell(type, ms) {
    const before = this.#held;
    this.#held = next(before, { type, ms }, Date.now(), Math.random());
    if (this.#held === before) return;
    this.#follow(before, type);
    this.#announce();
  }

  #tellToken(type) {
    this.#tokenRefused = type;
    this.#announce();
  }

  /** Do what the new state asks for. */
  #follow(before, type) {
    const { state, tries, until } = this.#held;
    clearTimeout(this.#timer);
    this.#timer = until === null ? null : setTimeout(() => this.#tell("due"), Math.max(until - Date.now(), 0));
    if (before.state === "connecting" && type === "due") this.#swapTransports();
    if (tries !== before.tries) {
      if (before.state === "connected") this.socket.disconnect();
      this.socket.connect();
    } else if (state !== "connecting" && state !== "connected") this.socket.disconnect();
  }

  /**
   * A refused transport is followed by the next one within the same try. One that is swallowed (some proxies do that to
   * WebSockets) only ends with the time: then the other goes first.
   */
  #swapTransports() {
    const { opts } = this.socket.io;
    opts.transports = opts.transports.toReversed();
  }

  #announce() {
    const now = this.#read();
    const isSame = Object.keys(now).every((fact) => now[fact] === this.status[fact]);
    if (isSame) return;
    this.status = now;
    for (const listener of [...this.#listeners]) listener(now);
  }

  /** `retryAt` is when the next try is due, in ms; `tokenRefused` why the token given is not in use, else null. */
  #read() {
    const { state, until } = this.#held;
    return Object.freeze({
      state,
      retryAt: state === "waiting" ? until : null,
      tokenRefused: this.#tokenRefused,
    });
  }
}

function isVisible() {
  return document.visibilityState === "visible";
}
