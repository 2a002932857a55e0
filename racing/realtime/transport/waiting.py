"""Who keeps the server waiting, by address: nobody may fill it with connections that never finish what they ask."""

from typing import Protocol


class Waited(Protocol):
    """A connection of which more is to come."""

    def hang_up(self) -> None:
        """End it at once. Must not wait."""


class Waiting:
    """So many an address; of more, who has waited longest must go: whoever has something to say has said it by then."""

    def __init__(self, most: int) -> None:
        """Let `most` wait from one address; 0 is no bound."""
        self._most = most
        self._from: dict[str, dict[Waited, None]] = {}

    def begin(self, address: str, who: Waited) -> None:
        """Wait for somebody; a second time is none."""
        if not self._most:
            return
        here = self._from.setdefault(address, {})
        here[who] = None
        if len(here) > self._most:
            oldest = next(iter(here))
            del here[oldest]
            oldest.hang_up()

    def end(self, address: str, who: Waited) -> None:
        """Wait for somebody no longer; who is not waited for is passed over."""
        here = self._from.get(address)
        if here is not None:
            here.pop(who, None)
            if not here:
                del self._from[address]
