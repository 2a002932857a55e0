"""A slow phone, as Lighthouse has it: a quarter of this processor, 1.6 Mbit/s, 150 ms there and back."""

from typing import Any, NamedTuple

from tests.browser.measures import Network

SLOWER = 4
LATENCY_MS, DOWN_BITS, UP_BITS = 150, 1_600_000, 750_000
WATCHED_MS = 4000
"""How long a page is looked at after it has loaded: its live side wakes meanwhile, and prices move."""
# Long tasks block the finger for what they last over 50 ms; shifts after a touch are the reader's own.
_WATCH = """
window.seen = { largest: 0, shift: 0, blocked: 0 };
const watch = (type, take) => {
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
};
watch("largest-contentful-paint", ({ startTime }) => { window.seen.largest = startTime; });
watch("layout-shift", ({ value, hadRecentInput }) => { if (!hadRecentInput) window.seen.shift += value; });
watch("longtask", ({ duration }) => { window.seen.blocked += duration - 50; });
"""
_READ = """() => {
    const first = performance.getEntriesByName("first-contentful-paint")[0].startTime;
    return { first, ...window.seen };
}"""


class Opening(NamedTuple):
    """What the reader of a page waited for, in ms; `shift` is the layout shift, `bytes` all that was fetched."""

    first: float
    largest: float
    blocked: float
    shift: float
    bytes: int
    answers: int


def opening(page: Any, address: str) -> Opening:
    """Open a page for the first time on such a phone."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    line = {"latency": LATENCY_MS, "downloadThroughput": DOWN_BITS / 8, "uploadThroughput": UP_BITS / 8}
    devtools.send("Network.emulateNetworkConditions", {"offline": False, **line})
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.add_init_script(_WATCH)
    network = Network(page)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(WATCHED_MS)
    seen = page.evaluate(_READ)
    return Opening(**seen, bytes=network.bytes, answers=len(network.fetched))
