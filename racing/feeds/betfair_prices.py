"""The prices of one Betfair market, message by message, kept with betfairlightweight."""

import json
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite
from typing import Any

from betfairlightweight import StreamListener

from racing import prices
from racing.feeds.betfair_messages import Definition, Message

_CENT = Decimal("0.01")
# The ladders of best prices, the one to prefer first: batb is what Betfair itself displays. They are never mixed.
LADDERS = (("batb", "batl"), ("atb", "atl"), ("bdatb", "bdatl"))


def on_scale(value: Any) -> Decimal | None:
    """Return a number of Betfair's as a price to 2 decimals; None where it is none, or off the scale ("NaN", 0)."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    price = Decimal(str(value)).quantize(_CENT, ROUND_HALF_UP)
    return price if prices.LOWEST <= price <= prices.HIGHEST else None


class MarketPrices:
    """Holds the market's book. `traded` tells whether the file has last traded prices; without, best backs stand in."""

    def __init__(self, fields: Iterable[str]) -> None:
        """`fields` are the names of the fields that the file's runner changes have."""
        known = set(fields)
        self.traded = "ltp" in known
        back, lay = next((pair for pair in LADDERS if known & set(pair)), LADDERS[0])
        self._two_sided = lay in known
        self._fields = {"ltp"} if self.traded else {back, lay}
        self._held: dict[str, Decimal | None] = {}
        # Every line in the file is history: latency against today's clock means nothing.
        self._listener = StreamListener(max_latency=None, lightweight=True)
        self._listener.register_stream(0, "marketSubscription")

    def apply(self, message: Message, definition: Definition) -> dict[str, Decimal | None]:
        """Take `message` in, and return the prices held: runner id -> price, None where there is none.

        `definition` is the last one sent. Raises KeyError, TypeError, ValueError, IndexError or AttributeError where
        the message's runner changes are not what Betfair sends.
        """
        entries = [entry for rc in message.change.rc or () if len(entry := self._entry(rc)) > 1]
        if entries or message.change.img or message.change.market_definition:
            self._listener.on_data(self._as_sent(message, entries, definition))
            (book,) = self._listener.snap()
            self._held = {
                str(runner["selectionId"]): self._price(runner) for runner in book["runners"] if runner["status"]
            }
        return self._held

    def _as_sent(self, message: Message, entries: list[dict[str, Any]], definition: Definition) -> str:
        """Return the message with only what we read: a top-level id, say, would make the listener ignore it."""
        change: dict[str, Any] = {"id": message.change.id, "rc": entries}
        if message.change.img:
            change["img"] = True
        if message.change.img or message.change.market_definition:
            # The listener forgets the runners with every image, even with one that does not define them again.
            runners = [{"id": runner.id, "status": runner.status} for runner in definition.runners]
            change["marketDefinition"] = {"status": definition.status, "runners": runners}
        return json.dumps({"op": "mcm", "pt": 0, "mc": [change]})

    def _entry(self, rc: dict[str, Any]) -> dict[str, Any]:
        # When a market is settled its traded book is wiped: volume 0, with an ltp that is no trade.
        wiped = rc.get("tv") == 0
        kept = {key: value for key, value in rc.items() if key in self._fields and not (wiped and key == "ltp")}
        return {"id": rc["id"], **kept}

    def _price(self, runner: dict[str, Any]) -> Decimal | None:
        if self.traded:
            return on_scale(runner["lastPriceTraded"])
        backs, lays = runner["ex"]["availableToBack"], runner["ex"]["availableToLay"]
        # At first a ladder may have an absurd back price alone (1.01): a price takes two sides, where files have them.
        if not backs or (self._two_sided and not lays):
            return None
        return on_scale(backs[0]["price"])
