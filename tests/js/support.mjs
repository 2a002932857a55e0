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
    this.connected = false;
    this.reopened = 0;
  }
  on(event, handler) {
    this.handlers.set(event, [...(this.handlers.get(event) ?? []), handler]);
  }
  emit(event, payload) {
    this.sent.push([event, payload]);
  }
  get(event, message) {
    for (const handler of this.handlers.get(event) ?? []) handler(message);
  }
  disconnect() {
    this.reopened += 1;
    this.get("disconnect", "io client disconnect");
    return this;
  }
  connect() {
    return this;
  }
}
