/** What the server draws of a form, kept beside it while somebody types. */

const PAUSE_MS = 250;
const TIMEOUT_MS = 8_000;

/** Send `form` to the address that `shown` names, a moment after each change, and show what it answers there. */
export function drawWhileTyped(form, shown) {
  let waiting;
  let asked = new AbortController();
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      asked.abort(); // what was typed since is asked for now
      asked = new AbortController();
      draw(form, shown, asked.signal);
    }, PAUSE_MS);
  });
}

async function draw(form, shown, asked) {
  try {
    const signal = AbortSignal.any([asked, AbortSignal.timeout(TIMEOUT_MS)]);
    const answer = await fetch(shown.dataset.source, { method: "POST", body: new FormData(form), signal });
    // Signed out, or away: what was drawn last stays, and the form says so itself when it is sent.
    if (!answer.ok || answer.redirected) return;
    shown.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
  } catch (error) {
    if (!(error instanceof TypeError || error.name === "TimeoutError" || error.name === "AbortError")) throw error;
  }
}
