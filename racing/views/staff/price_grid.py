"""The odds grid as drawn: every runner by every bookmaker, over what stands now, with what was typed kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from racing import prices
from racing.errors import Doubtful, RacingError
from racing.models import Race, Runner
from racing.services import suspensions
from racing.services.price_guards import key_of
from racing.statuses import Betting, RunnerStatus
from racing.views import words
from racing.views.staff.typed_grid import Place, TypedGrid, name_of, seen_word


@dataclass(frozen=True)
class Cell:
    """One price: what its field holds, what stands, what to say beside it; `seen` is what its writer will have seen."""

    name: str
    bookmaker: str
    maker: str
    text: str
    stands: str
    seen: str
    price: Decimal | None
    wrong: str = ""
    now: str = ""


@dataclass(frozen=True)
class Row:
    """A runner, its cells in the order of the columns, the best of them."""

    runner: Runner
    is_out: bool
    cells: list[Cell]
    best: str


@dataclass(frozen=True)
class Column:
    """A bookmaker: whether it has priced this race, whether it is off, what its book adds up to."""

    slug: str
    name: str
    is_pricing: bool
    is_suspended: bool
    book: str


@dataclass(frozen=True)
class Grid:
    """The form as drawn. `doubts` are to be read before it is written, `sure` says that they were."""

    columns: list[Column]
    rows: list[Row]
    best_book: str
    is_open: bool
    doubts: list[str]
    sure: str

    @property
    def first_wrong(self) -> str:
        """The name of the cell to look at first, empty where there is none."""
        cells = [cell for row in self.rows for cell in row.cells]
        return next((cell.name for cell in cells if cell.wrong or (cell.now and cell.text != cell.stands)), "")


def standing_prices(race: Race) -> dict[Place, Decimal | None]:
    """Return what stands, a suspended bookmaker's as held; what was never priced is left out."""
    standing = {(runner.runner_id, price.bookmaker): price.price for runner in race.runners for price in runner.prices}
    for bookmaker, held in suspensions.held_prices(race.id).items():
        standing.update({(runner.runner_id, bookmaker): held.get(runner.runner_id) for runner in race.runners})
    return standing


def price_grid(
    race: Race, more: Iterable[str], typed: TypedGrid | None = None, error: RacingError | None = None
) -> Grid:
    """Return the grid over what stands now, with columns for `more` bookmakers than have priced the race.

    The race's version must have been read before its prices.
    """
    is_open = race.betting is not Betting.CLOSED
    pricing = {price.bookmaker for runner in race.runners for price in runner.prices}
    slugs = sorted(pricing | set(more)) if is_open else sorted(pricing)
    standing, held = standing_prices(race), suspensions.held_prices(race.id)
    rows = [_row(race, runner, slugs, standing, held.keys(), typed or TypedGrid()) for runner in race.runners]
    running = [row for row in rows if not row.is_out]
    warnings = error.warnings if isinstance(error, Doubtful) else []
    return Grid(
        columns=[
            Column(
                slug,
                words.bookmaker_name(slug),
                slug in pricing,
                slug in held,
                _book(row.cells[place].price for row in running),
            )
            for place, slug in enumerate(slugs)
        ],
        rows=rows,
        best_book=_book(_best(row.cells, held.keys()) for row in running),
        is_open=is_open,
        doubts=[warning["message"] for warning in warnings],
        sure=" ".join(key_of(warning) for warning in warnings),
    )


def _row(
    race: Race,
    runner: Runner,
    slugs: Sequence[str],
    standing: Mapping[Place, Decimal | None],
    suspended: Iterable[str],
    typed: TypedGrid,
) -> Row:
    versions = {price.bookmaker: price.version for price in runner.prices}
    cells = [
        # Its row may be newer than the race's version, read before it: then it is the row's that is seen.
        _cell((runner.runner_id, slug), standing, max(race.version, versions.get(slug, 0)), typed)
        for slug in slugs
    ]
    best = _best(cells, suspended)
    return Row(runner, runner.status is RunnerStatus.NON_RUNNER, cells, words.as_typed(best) or words.NO_PRICE)


def _cell(place: Place, standing: Mapping[Place, Decimal | None], version: int, typed: TypedGrid) -> Cell:
    stands, given = standing.get(place), typed.cells.get(place)
    as_typed = words.as_typed(stands)
    is_kept = given is not None and (given.changed or bool(given.wrong))
    return Cell(
        name=name_of(*place),
        bookmaker=place[1],
        maker=words.bookmaker_name(place[1]),
        text=given.text if given and is_kept else as_typed,
        stands=as_typed,
        seen=seen_word(as_typed, version),
        price=given.price if given and is_kept else stands,
        wrong=given.wrong if given else "",
        now=f"now {as_typed or 'no price'}" if given and stands not in (given.stood, given.price) else "",
    )


def _best(cells: Iterable[Cell], suspended: Iterable[str]) -> Decimal | None:
    off = set(suspended)
    return max((cell.price for cell in cells if cell.price is not None and cell.bookmaker not in off), default=None)


def _book(offered: Iterable[Decimal | None]) -> str:
    percent = prices.overround(price for price in offered if price is not None)
    return words.percent(None if percent is None else float(percent))
