/** Makes what the tests are not about: valid boards, updates and a socket that remembers. */

export const state = (version, more = {}) => ({
  status: "DORMANT", betting: "open", enquiry: false, offTime: "2026-11-24T14:05:00.000Z", version, ...more,
});

export const held = (more) => ({ raceId: "wexmoor-1405", version: 1, race: state(0), runners: [], odds: [], names: {}, ...more });

export const odds = (runnerId, price, version, bookmaker = "tote") => ({
  runnerId, bookmaker, price, fractional: "x/1", previous: null, version, updatedAt: "2026-11-24T14:00:00.000Z",
});

export const update = (base, version, entries, more = {}) => ({
  version, base, full: false, odds: entries, runners: [], book: { best: null }, updatedAt: "2026-11-24T14:00:00.000Z", ...more,
});

/** A socket of one page: what the page sent is in `sent`; `get(event, message)` is a message from the server. */
export class FakeSocket {
  constructor() {
    this.handlers = new Map();
    this.sent = [];
    this.acknowledge = [];
    this.connected = false;
  }
  on(event, handler) {
    this.handlers.set(event, [...(this.handlers.get(event) ?? []), handler]);
  }
  timeout() {
    return this;
  }
  /** The answers to what was sent with an acknowledgement are given by calling `acknowledge[n](error, answer)`. */
  emit(event, payload, acknowledge) {
    this.sent.push([event, payload]);
    if (acknowledge) this.acknowledge.push(acknowledge);
  }
  get(event, message) {
    for (const handler of this.handlers.get(event) ?? []) handler(message);
  }
}

/** A connection over it, that goes where the test says. */
export class FakeConnection {
  constructor() {
    this.socket = new FakeSocket();
    this.status = { state: "closed" };
    this.listeners = [];
    this.renewed = 0;
  }
  subscribe(listener) {
    this.listeners.push(listener);
  }
  become(state) {
    this.status = { state };
    if (state === "connected") this.socket.get("connect");
    for (const listener of this.listeners) listener(this.status);
  }
  open() {
    if (this.status.state === "closed") this.become("connecting");
  }
  close() {
    this.become("closed");
    this.socket.get("disconnect", "io client disconnect");
  }
  renew() {
    this.renewed += 1;
  }
}

/** A Storage; `room` is how many characters it takes. */
export class FakeStorage {
  constructor(room = Infinity) {
    this.items = new Map();
    this.room = room;
  }
  getItem(key) {
    return this.items.get(key) ?? null;
  }
  setItem(key, text) {
    if (text.length > this.room) throw new DOMException("full", "QuotaExceededError");
    this.items.set(key, text);
  }
}
