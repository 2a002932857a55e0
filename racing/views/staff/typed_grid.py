"""The odds grid as typed: each cell's price beside what its writer saw standing there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from werkzeug.datastructures import MultiDict

from racing.errors import InvalidInput
from racing.views.forms import LONGEST_TYPED, bookmaker_slug, typed_price, whole_number

Place = tuple[str, str]
"""A cell: (runner id, bookmaker)."""
_NO_VERSION = "This form does not say which prices it shows. Reload the page."


@dataclass(frozen=True)
class TypedPrice:
    """A cell: what was typed, what it says (None: no price), what its writer saw standing, at which version.

    `wrong` is the sentence where the text is no price; `price` is then what stood.
    """

    text: str
    price: Decimal | None
    stood: Decimal | None
    seen: int
    wrong: str = ""

    @property
    def changed(self) -> bool:
        """Whether the writer meant to move it."""
        return self.price != self.stood


@dataclass(frozen=True)
class TypedGrid:
    """All cells as typed, the columns they stood in, and the keys of the warnings that the writer has read."""

    bookmakers: list[str] = field(default_factory=list)
    cells: dict[Place, TypedPrice] = field(default_factory=dict)
    sure: frozenset[str] = frozenset()

    @property
    def is_wrong(self) -> bool:
        """Whether a cell holds what is no price."""
        return any(cell.wrong for cell in self.cells.values())


def name_of(runner_id: str, bookmaker: str) -> str:
    """Return what a cell's fields are called behind their dash. A bookmaker's slug has no dot."""
    return f"{runner_id}.{bookmaker}"


def seen_word(price: str, version: int) -> str:
    """Return what a cell says of what stood as it was drawn: "11/4@57"."""
    return f"{price}@{version}"


def typed_grid(form: MultiDict[str, str], runner_ids: Sequence[str]) -> TypedGrid:
    """Return the grid as typed. Raises InvalidInput where the form itself is not ours."""
    bookmakers = list(dict.fromkeys(bookmaker_slug(text) for text in form.getlist("bookmaker") if text.strip()))
    cells = {
        (runner_id, bookmaker): _typed(text, form.get(f"seen-{name}", ""))
        for runner_id in runner_ids
        for bookmaker in bookmakers
        if (text := form.get(f"price-{(name := name_of(runner_id, bookmaker))}")) is not None
    }
    return TypedGrid(bookmakers, cells, frozenset(form.get("sure", "").split()))


def another_bookmaker(form: MultiDict[str, str]) -> list[str]:
    """Return the bookmakers for whom the form asks one more column. Raises InvalidInput where one is no slug."""
    return [bookmaker_slug(text) for text in form.getlist("another") if text.strip()]


def _typed(text: str, word: str) -> TypedPrice:
    stands, _, version = word.rpartition("@")
    stood, seen = typed_price(stands), whole_number(version, _NO_VERSION)
    try:
        return TypedPrice(text[:LONGEST_TYPED], typed_price(text, stood), stood, seen)
    except InvalidInput as error:
        return TypedPrice(text[:LONGEST_TYPED], stood, stood, seen, error.message)
