/** A new cookie for a page that was open for longer than its cookie counts: asked of the server that wants it. */

/** One that is refused sooner has not helped: asking again would spin. */
const HELPS_FOR_MS = 1_000;
let askedAt = -Infinity;

/** Ask for it; returns whether the page is somebody's again. */
export async function newCookie() {
  if (Date.now() - askedAt < HELPS_FOR_MS) return false;
  askedAt = Date.now();
  try {
    const { status } = await fetch("/session", { cache: "no-store" });
    return status === 204;
  } catch {
    return false; // the network is away: the next connection is told again
  }
}
