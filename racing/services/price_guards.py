"""What looks like a slip in a write of prices: a great move, an odd book, another favourite. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Any, Literal, NotRequired, TypedDict

from racing import prices
from racing.models.odds import bookmaker_name

Book = Mapping[str, Decimal | None]
"""One bookmaker's prices by runner id."""
LARGEST_MOVE_PERCENT = 20
LEAST_BOOK, MOST_BOOK = 100, 150


class PriceWarning(TypedDict):
    """One reason to look again; `runnerId` is missing where it is about the whole book."""

    kind: Literal["move", "book", "favourite"]
    bookmaker: str
    message: str
    runnerId: NotRequired[str]


def key_of(warning: Mapping[str, Any]) -> str:
    """Return a short word for exactly this warning, its prices included: whoever says it has read just that."""
    told = "\n".join((warning["kind"], warning["bookmaker"], warning.get("runnerId", ""), warning["message"]))
    return sha256(told.encode()).hexdigest()[:16]


def warnings(running: Mapping[str, str], before: Mapping[str, Book], after: Mapping[str, Book]) -> list[PriceWarning]:
    """Return what is to be asked about the books that change from `before` to `after` (bookmaker -> prices).

    `running` are the names of the runners that are in the race, by id, in the order of the card; prices of others do
    not count. A book is judged as a whole only where each of them has a price.
    """
    found: list[PriceWarning] = []
    for bookmaker in after:
        was, becomes = before.get(bookmaker, {}), after[bookmaker]
        if any(was.get(runner_id) != becomes.get(runner_id) for runner_id in running):
            found += [*_moves(running, bookmaker, was, becomes), *_whole(running, bookmaker, was, becomes)]
    return found


def _moves(running: Mapping[str, str], bookmaker: str, was: Book, becomes: Book) -> Iterable[PriceWarning]:
    for runner_id, name in running.items():
        old, new = was.get(runner_id), becomes.get(runner_id)
        # The chance is 1 / price: new chance / old chance - 1 is (old - new) / new, without rounding.
        if old is None or new is None or abs(old - new) * 100 <= LARGEST_MOVE_PERCENT * new:
            continue
        way, percent = ("rises" if new < old else "falls"), abs(old - new) * 100 / new
        message = (
            f"{name} at {bookmaker_name(bookmaker)} goes from {prices.as_typed(old)} to {prices.as_typed(new)}: "
            f"its chance {way} by {percent:.0f}%."
        )
        yield {"kind": "move", "bookmaker": bookmaker, "message": message, "runnerId": runner_id}


def _whole(running: Mapping[str, str], bookmaker: str, was: Book, becomes: Book) -> Iterable[PriceWarning]:
    now, name = _complete(running, becomes), bookmaker_name(bookmaker)
    if not now:
        return
    book = prices.overround(now.values()) or Decimal(0)
    if not LEAST_BOOK <= book <= MOST_BOOK:
        limit = f"under {LEAST_BOOK}%" if book < LEAST_BOOK else f"over {MOST_BOOK}%"
        yield {"kind": "book", "bookmaker": bookmaker, "message": f"The book of {name} adds up to {book}%, {limit}."}
    old, new = _favourites(_complete(running, was)), _favourites(now)
    if old and not set(old) & set(new):
        message = f"{running[new[0]]} takes the place of {running[old[0]]} as the favourite of {name}."
        yield {"kind": "favourite", "bookmaker": bookmaker, "message": message, "runnerId": new[0]}


def _complete(running: Mapping[str, str], book: Book) -> dict[str, Decimal]:
    """Return the prices of all runners; empty where one has none."""
    priced = {runner_id: price for runner_id in running if (price := book.get(runner_id)) is not None}
    return priced if len(priced) == len(running) else {}


def _favourites(book: Mapping[str, Decimal]) -> Sequence[str]:
    shortest = min(book.values(), default=None)
    return [runner_id for runner_id, price in book.items() if price == shortest]
