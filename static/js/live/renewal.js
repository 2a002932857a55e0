/** A new cookie for a page that was open for longer than its cookie counts: asked of the server that wants it. */

/** One that is refused sooner has not helped, or its sign-in has ended just then: asked again, each time later. */
const HELPS_FOR_MS = 1_000;
let askedAt = -Infinity;
let restMs = HELPS_FOR_MS;

/** Ask for it; returns whether the page is somebody's again. Where its sign-in has ended the page says so. */
export async function newCookie() {
  if (Date.now() - askedAt < HELPS_FOR_MS) await rest();
  else restMs = HELPS_FOR_MS;
  askedAt = Date.now();
  try {
    const { status } = await fetch("/session", { cache: "no-store" });
    if (status === 401) (await import("../ui/signed_out.js")).showSignedOut();
    return status === 204;
  } catch {
    return false; // the network is away: the next connection is told again
  }
}

function rest() {
  restMs *= 2;
  return new Promise((done) => setTimeout(done, restMs));
}
