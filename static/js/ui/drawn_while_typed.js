/** What the server draws of a form, kept beside it while somebody types. */

const PAUSE_MS = 250;
const TIMEOUT_MS = 8_000;

/**
 * Send `form` to the address that `shown` names, a moment after each change, and show what it answers there.
 * `signedOut` is shown while nobody is signed in: a form sent then would be lost.
 */
export function drawWhileTyped(form, shown, signedOut) {
  let waiting;
  let asked = new AbortController();
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      asked.abort(); // what was typed since is asked for now
      asked = new AbortController();
      draw(form, shown, signedOut, asked.signal);
    }, PAUSE_MS);
  });
}

async function draw(form, shown, signedOut, asked) {
  try {
    const signal = AbortSignal.any([asked, AbortSignal.timeout(TIMEOUT_MS)]);
    const answer = await fetch(shown.dataset.source, { method: "POST", body: new FormData(form), signal });
    signedOut.hidden = !(answer.redirected || answer.status === 403);
    // Signed out, or away: what was drawn last stays.
    if (!answer.ok || answer.redirected) return;
    shown.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
  } catch (error) {
    if (!(error instanceof TypeError || error.name === "TimeoutError" || error.name === "AbortError")) throw error;
  }
}
