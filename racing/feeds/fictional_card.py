"""A day's racing that never was: courses, horses and people made up, declared by a random generator with a seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from racing.feeds.betfair_names import POUNDS_A_STONE, stones
from racing.services.cards import RaceDeclared, RunnerDeclared
from racing.services.slugs import slugify

RACES = 21
APART = timedelta(minutes=6)


@dataclass(frozen=True)
class Course:
    """A course: over jumps nobody has a draw, and everybody carries more."""

    name: str
    time_zone: str
    country: str
    going: str
    jumps: bool = False


COURSES = (
    Course("Wexmoor", "Europe/London", "GB", "Good to Soft"),
    Course("Castle Ridge", "Europe/Dublin", "IE", "Yielding", jumps=True),
    Course("Port Ardent", "Europe/London", "GB", "Standard"),
)


def _words(text: str, between: str = " ") -> list[str]:
    return text.split(between)


_FIRST = _words(
    "Copper Velvet Marmalade Thirteenth Pewter Wandering Saffron Inkwell Borrowed Juniper Clockwork Tidewater Paper "
    "Gooseberry Lopsided Whispering Quarry Almanac Candlewick Peppercorn Driftwood Harlequin Mulberry Overdue Teacup "
    "Unhurried Bramble Lamplit Sixpenny Postscript Lavender Weathervane"
)
_LAST = _words(
    "Sextant Thistle Parade Lantern Ledger Otter Minuet Semaphore Bandit Rhubarb Compass Pilgrim Anthem Teapot Falcon "
    "Riddle Harbour Waltz Cartographer Gambit Kestrel Pocketwatch Barnacle Sonata Umbrella Foxglove Signal Cobbler "
    "Meridian Turnstile Marzipan Skylark"
)
_SURNAMES = _words(
    "Quillback Ashmarsh Tunnicott Verrinder Oldacre Pennyfold Marrowby Skelhorne Dunwether Applegarth Fennimoor "
    "Brackwater Loxhill Thornyhold Wickersley Gannetry"
)
_COLOURS = _words("red,royal blue,emerald green,yellow,white,black,purple,orange,pink,maroon,light blue,beige", ",")
_PATTERNS = _words("hoop,chevron,diamonds,quarters,stripes,spots,cross belts,star,epaulets,sash", ",")
_OCCASIONS = _words(
    "Saltmarsh,Lamplighter,Tollgate,Millpond,Beacon,Old Ferry,Hedgerow,Gatekeeper,Harvest,Lighthouse", ","
)
_FLAT = ("Handicap", "Maiden Stakes", "Novice Stakes", "Nursery", "Conditions Stakes")
_OVER_JUMPS = ("Handicap Hurdle", "Novice Hurdle", "Handicap Chase", "Beginners' Chase", "Maiden Hurdle")
_FLAT_DISTANCES = ("5f", "6f", "7f", "1m", "1m2f", "1m4f")
_JUMP_DISTANCES = ("2m", "2m1f", "2m4f", "2m7f", "3m", "3m1f")
_CLAIMS = 0.2  # of the jockeys
_HEADGEAR = (None, None, None, None, "b", "p", "t", "h", "v", "tp", "b1")
_WON_HERE = (None, None, None, None, None, "C", "D", "CD", "C D")
_PURSE = {2: 40_000, 3: 22_000, 4: 12_000, 5: 8_000, 6: 5_500}  # by class, in the money of the country
_MONEY = {"GB": "£", "IE": "€"}
_TOP_WEIGHT = {True: 11 * POUNDS_A_STONE + 12, False: 9 * POUNDS_A_STONE + 12}  # pounds


def declared(rng: Random, first_off: datetime, races: int = RACES) -> list[RaceDeclared]:
    """Return the card: `races` races, the first off at `first_off`, the courses taking turns."""
    horses = _horses(rng)
    return [
        _race(rng, COURSES[place % len(COURSES)], first_off + place * APART, horses, place) for place in range(races)
    ]


def _horses(rng: Random) -> Iterator[str]:
    """Yield horses that have not been named before; once all have run, they come out again."""
    names = [f"{first} {last}" for first in _FIRST for last in _LAST]
    while True:
        rng.shuffle(names)
        yield from names


def _race(rng: Random, course: Course, off_time: datetime, horses: Iterator[str], place: int) -> RaceDeclared:
    local = off_time.astimezone(ZoneInfo(course.time_zone))
    kind = rng.choice(_OVER_JUMPS if course.jumps else _FLAT)
    field = rng.randint(6, 12)
    race_class = rng.randint(2, 6)
    return RaceDeclared(
        race_id=f"{slugify(course.name)}-{local:%Y-%m-%d-%H%M}",
        course=course.name,
        off_time=off_time,
        title=f"The {_OCCASIONS[place % len(_OCCASIONS)]} {kind}",
        distance=rng.choice(_JUMP_DISTANCES if course.jumps else _FLAT_DISTANCES),
        going=course.going,
        race_class=f"Class {race_class}",
        prize=_prize(rng, course, race_class),
        country=course.country,
        time_zone=course.time_zone,
        runners=list(_field(rng, course, [next(horses) for _ in range(field)])),
    )


def _field(rng: Random, course: Course, names: list[str]) -> Iterator[RunnerDeclared]:
    """Yield the runners by number, as in a handicap: the best rated carries number 1 and the most weight."""
    top = rng.randint(75, 125)
    ratings = sorted((top - round(rng.triangular(0, 24, 8)) for _ in names), reverse=True)
    draws = rng.sample(range(1, len(names) + 1), len(names))
    jockeys, trainers = (rng.sample(_SURNAMES, len(names)) for _ in range(2))
    for place, name in enumerate(names):
        yield RunnerDeclared(
            runner_id=slugify(name),
            name=name,
            number=str(place + 1),
            draw=None if course.jumps else draws[place],
            jockey=f"{rng.choice('ABCDEFHJKLMNPRST')} {jockeys[place]}",
            trainer=f"{rng.choice('ABCDEFHJKLMNPRST')} {trainers[place]}",
            weight=stones(_TOP_WEIGHT[course.jumps] - (ratings[0] - ratings[place])),
            age=rng.randint(4, 9) if course.jumps else rng.randint(2, 6),
            form=_form(rng),
            official_rating=ratings[place],
            silks=_silks(rng),
            claim=rng.choice((3, 5, 7)) if rng.random() < _CLAIMS else None,
            headgear=rng.choice(_HEADGEAR),
            course_distance=rng.choice(_WON_HERE),
        )


def _form(rng: Random) -> str | None:
    """Return the last runs, the latest last; a horse that never ran has none."""
    return "".join(rng.choices("123456789016-", k=rng.randint(1, 6))).strip("-") or None


def _prize(rng: Random, course: Course, race_class: int) -> str:
    return f"{_MONEY[course.country]}{round(_PURSE[race_class] * rng.uniform(0.8, 1.3), -2):,.0f}"


def _silks(rng: Random) -> str:
    body, pattern, sleeves, cap = rng.sample(_COLOURS, 4)
    return f"{body.capitalize()}, {pattern} {rng.choice(_PATTERNS)}, {sleeves} sleeves, {cap} cap"
