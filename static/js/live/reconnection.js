/**
 * When a page tries to connect, waits between tries, or rests. Pure: what holds, what happened, the time and a random
 * number in; what holds now out.
 *
 * The delay is "full jitter": anywhere between nothing and a window that doubles with every failure. When a worker dies
 * all its pages lose it in the same instant, and this spreads them as wide as the window allows; half of it fixed
 * ("equal jitter") would put the same crowd into half the time. There is no last try.
 */

const FIRST_WINDOW_MS = 500;
const LONGEST_WINDOW_MS = 15_000;
/** A try that has not come to a connection by now has failed: something on the way swallows it. */
const CONNECT_WITHIN_MS = 8_000;
/** A connection that breaks sooner counts as one more failure, so that one let in and thrown out does not spin. */
const STEADY_AFTER_MS = 10_000;
/** A server's mistake must not park a page for the day. */
const LONGEST_RETRY_AFTER_MS = 300_000;

/**
 * Return what holds before the connection is opened.
 *
 * `state`: "closed", "connecting", "connected", "waiting" (between tries) or "paused" (not connected, and hidden or
 * offline). `until` is when a timer has to say "due", null for none. `tries` rises with every try.
 */
export const closed = ({ visible, online }) =>
  Object.freeze({ state: "closed", until: null, since: 0, failures: 0, tries: 0, notBefore: 0, visible, online });

/**
 * Return what holds after an event; the same object where nothing changed. Events by `type`: open, close, connected,
 * failed, refused (what the handshake said was: say something else at once), lost, due, shown, hidden, online, offline,
 * retryAfter (with `ms`: the server's own word, before which nothing is tried).
 */
export function next(held, { type, ms }, now, random) {
  const after = EVENTS[type](held, now, random, ms);
  return after === held ? held : Object.freeze(after);
}

const EVENTS = {
  // Its page has just come over the network: the first try is worth it whatever the device says of itself.
  open: (held, now) => (held.state === "closed" ? attempt({ ...held, failures: 0 }, now, true) : held),
  close: (held) => (held.state === "closed" ? held : { ...held, state: "closed", until: null }),
  connected: (held, now) => ({ ...held, state: "connected", until: null, since: now, notBefore: 0 }),
  failed: (held, now, random) => (held.state === "connecting" ? wait(held, now, random) : held),
  refused: (held, now) => (held.state === "connecting" ? attempt(held, now) : held),
  lost(held, now, random) {
    if (held.state !== "connected") return held;
    const wasSteady = now - held.since >= STEADY_AFTER_MS;
    return wait({ ...held, failures: wasSteady ? 0 : held.failures }, now, random);
  },
  due(held, now, random) {
    if (held.state === "waiting") return attempt(held, now);
    return held.state === "connecting" ? wait(held, now, random) : held;
  },
  shown(held, now) {
    const shown = { ...held, visible: true };
    // Somebody looks again: whatever failed before, it is tried now.
    return held.state === "paused" ? attempt({ ...shown, failures: 0 }, now) : shown;
  },
  hidden: (held) => rest({ ...held, visible: false }),
  online(held, now) {
    const online = { ...held, online: true, failures: 0 };
    // A connection hardly ever lives through a time without a network, and would take long to notice; a hidden page
    // would have to rest, and can wait until it has.
    const isDoubted = held.state === "connected" && !held.online && held.visible;
    return held.state === "paused" || held.state === "waiting" || isDoubted ? attempt(online, now) : online;
  },
  // A connection that lives stays: it may be the device that is wrong.
  offline: (held) => rest({ ...held, online: false }),
  retryAfter: (held, now, _random, ms) => {
    const waits = Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_RETRY_AFTER_MS) : 0;
    // The longer word holds: a connection that is turned away may be refused something more, in passing.
    return { ...held, notBefore: Math.max(held.notBefore, now + waits) };
  },
};

function attempt(held, now, inSpiteOfOffline = false) {
  if (!held.visible || !(held.online || inSpiteOfOffline)) return rest({ ...held, state: "waiting" });
  if (now < held.notBefore) return { ...held, state: "waiting", until: held.notBefore };
  return { ...held, state: "connecting", until: now + CONNECT_WITHIN_MS, tries: held.tries + 1 };
}

function wait(held, now, random) {
  const failures = held.failures + 1;
  const windowMs = Math.min(FIRST_WINDOW_MS * 2 ** (failures - 1), LONGEST_WINDOW_MS);
  // The server's delay comes first: it may be the same for a whole crowd, so the jitter goes on top.
  const until = Math.max(now, held.notBefore) + random * windowMs;
  return rest({ ...held, state: "waiting", until, failures });
}

function rest(held) {
  const stands = held.state === "closed" || held.state === "connected" || (held.visible && held.online);
  return stands ? held : { ...held, state: "paused", until: null };
}
