"""Files of cards, a catalogue in JSON or lines in CSV: what they declare, and everything that is wrong with them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from racing.errors import FeedError
from racing.feeds import cards
from racing.feeds.card_csv import WrongCell, decoded, read_lines
from racing.feeds.card_rows import CardReader
from racing.services import card_plans
from racing.services.cards import RaceDeclared, declare_races


@dataclass(frozen=True)
class CardFile:
    """What is in a file: nothing of it may be declared while anything is wrong.

    `made` are the ids of races that came without one; `other_markets` counts what of a catalogue is no WIN market.
    """

    races: Sequence[RaceDeclared] = ()
    made: Collection[str] = frozenset()
    wrong: Sequence[WrongCell] = ()
    other_markets: int = 0
    runners: int = field(init=False)

    def __post_init__(self) -> None:
        """Count the runners."""
        object.__setattr__(self, "runners", sum(len(race.runners) for race in self.races))


def read_card_file(text: str) -> CardFile:
    """Return what `text` declares, or what is wrong with it. Raises FeedError where it is no card at all."""
    if text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE} \r\n\t")[:1] in ("[", "{"):
        catalogue = cards.read_catalogue(text)
        return CardFile(catalogue.races, (), catalogue.wrong, catalogue.other_markets)
    lines = read_lines(text)
    found = CardReader().read(lines.lines)
    # By line: what fits no other line, or is too long, is found last.
    wrong = sorted([*lines.wrong, *found.wrong], key=lambda cell: int(cell.place.rpartition(" ")[2]))
    return CardFile(found.races, found.made, wrong)


@dataclass(frozen=True)
class Imported:
    """How many races an import declared, how many were there already, and how many markets were no WIN market."""

    declared: int
    there_already: int
    other_markets: int


def import_cards(path: Path) -> Imported:
    """Declare the races of the file in `path`, all or none; a race that is on the site already stays as it is.

    Raises FeedError with each wrong place in `fields`; nothing is declared then.
    """
    try:
        file = read_card_file(decoded(_content(path)))
    except FeedError as error:
        raise FeedError(f"{path.name} cannot be imported: {error.message}") from error
    if file.wrong:
        raise wrong_file(path.name, file.wrong)
    plan = card_plans.plan(file.races, file.made)
    declare_races(plan.new, by=None)
    return Imported(len(plan.new), len(plan.there), file.other_markets)


def wrong_file(name: str, wrong: Sequence[WrongCell]) -> FeedError:
    """Return the refusal of a file that has these wrong places: the first in the message, all of them in `fields`."""
    places = f"{len(wrong)} places are wrong, the first is" if len(wrong) > 1 else "this is wrong:"
    sentences = {f"{number}": str(cell) for number, cell in enumerate(wrong, 1)}
    return FeedError(f"Nothing of {name} is imported; {places} {wrong[0]}", sentences)


def _content(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FeedError(f"it cannot be read ({error.strerror}).") from error
    if not content.strip():
        raise FeedError("it is empty.")
    return content
