"""What the tests of coming back say: a page that notes its tries, hidden and shown, offline and online."""

from typing import Any

# Every try of the page begins with a WebSocket: each is noted with the time, in ms.
_NOTE_TRIES = """window.tries = [];
window.WebSocket = class extends WebSocket {
  constructor(...given) { super(...given); window.tries.push(performance.now()); }
};
window.addEventListener("online", () => { window.onlineAt = performance.now(); }, true);"""
# Headless Chromium shows every page: it is told what the browser would say of a tab in the background.
_BECOME = """word => {
  Object.defineProperty(document, "visibilityState", { value: word, configurable: true });
  window.becameAt = performance.now();
  document.dispatchEvent(new Event("visibilitychange"));
}"""
# The page's own modules are of its release; a page without a script has none, and what a test imports is of any.
MODULES = "document.querySelector('script[type=module]')?.src ?? new URL('/static/js/', location)"
STATUS = f"import(new URL('live/watch.js', {MODULES})).then(({{ pageLive }}) => pageLive().connection.status)"


def note_tries(page: Any) -> None:
    """Let the page note its tries from the next load on."""
    page.add_init_script(_NOTE_TRIES)


def tries(page: Any) -> list[float]:
    """Return when the page tried to connect, in its own ms."""
    return list(page.evaluate("window.tries"))


def hide(page: Any) -> None:
    """Put the page into the background."""
    page.evaluate(_BECOME, "hidden")


def show(page: Any) -> None:
    """Bring the page to the front."""
    page.evaluate(_BECOME, "visible")


def wait_for_state(page: Any, state: str) -> None:
    """Wait until the page's connection is in this state. (What `wait_for_function` polls may not be a promise.)"""
    page.evaluate(
        f"""state => new Promise((done) => {{
          const look = () => {STATUS}.then((status) => status.state === state ? done() : setTimeout(look, 50));
          look();
        }})""",
        state,
    )
