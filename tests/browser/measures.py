"""What a page costs whoever opens it for the first time: bytes over the network, as the browser itself counts them."""

from typing import Any, NamedTuple


class Fetched(NamedTuple):
    """One answer: bytes with its headers, as they came over the network."""

    address: str
    bytes: int


class Network:
    """Counts what a page fetches from now on; its cache must be empty."""

    def __init__(self, page: Any) -> None:
        self._addresses: dict[str, str] = {}
        self.fetched: list[Fetched] = []
        devtools = page.context.new_cdp_session(page)
        devtools.on("Network.requestWillBeSent", self._sent)
        devtools.on("Network.loadingFinished", self._finished)
        devtools.send("Network.enable")

    def _sent(self, told: dict[str, Any]) -> None:
        self._addresses[told["requestId"]] = told["request"]["url"]

    def _finished(self, told: dict[str, Any]) -> None:
        address = self._addresses.get(told["requestId"], "")
        self.fetched.append(Fetched(address, int(told["encodedDataLength"])))

    @property
    def bytes(self) -> int:
        """All of it."""
        return sum(each.bytes for each in self.fetched)

    def __str__(self) -> str:
        """Name the heaviest first."""
        heaviest = sorted(self.fetched, key=lambda each: -each.bytes)
        return "\n".join(f"{each.bytes:8,} {each.address}" for each in heaviest)
