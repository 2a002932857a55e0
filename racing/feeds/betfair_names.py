"""What Betfair's own spelling of markets and runners says in racing's words."""

import re

_NUMBERED = re.compile(r"(\d{1,2}[A-Za-z]?)\. *(\S.*)")
_DISTANCE = re.compile(r"(?:R\d{1,2} )?(\d{1,2}m\d{1,2}f|\d{1,2}m|\d{1,2}f|\d{3,4}m)\b")
_CLASS = re.compile(r"\b(?:(?P<group>Grp|Group)|Grd|Grade|Gr) ?(?P<number>[123])\b")
POUNDS_A_STONE = 14
# In the order that cards print them: "tp" is a tongue tie with cheekpieces.
_HEADGEAR = (
    ("t", re.compile(r"tongue")),
    ("h", re.compile(r"hood")),
    ("b", re.compile(r"blinkers(?! off)|^b$")),
    ("v", re.compile(r"visor")),
    ("p", re.compile(r"cheek ?-?pieces?")),
    ("es", re.compile(r"eye ?-?shields?")),
    ("ec", re.compile(r"eye ?-?covers?")),
)


def race_id_of(market_id: str) -> str:
    """Return our id of the market's race: "1.127236622" is "betfair-1-127236622" (our ids hold no dot)."""
    return f"betfair-{market_id.replace('.', '-')}"


def number_and_name(written: str | None, selection_id: int) -> tuple[str | None, str]:
    """Return (saddle-cloth number, name): "2. Hauraki", as in Australia, is ("2", "Hauraki").

    A runner without a name is called by its selection id.
    """
    name = (written or "").strip()
    if not name:
        return None, f"Selection {selection_id}"
    if numbered := _NUMBERED.fullmatch(name):
        return numbered[1].upper(), numbered[2]
    return None, name


def distance_of(title: str) -> str | None:
    """Return the distance a market's name begins with: "R7 1600m Grp1" is "1600m"."""
    found = _DISTANCE.match(title)
    return found[1] if found else None


def class_of(title: str) -> str | None:
    """Return the class that a market's name tells: "R7 1600m Grp1" is "Group 1"; None where it tells none."""
    if told := _CLASS.search(title):
        return f"{'Group' if told['group'] else 'Grade'} {told['number']}"
    return "Listed" if "Listed" in title.split() else None


def headgear_of(worn: str) -> str | None:
    """Return a card's letters: "tp" for "Tongue strap,Cheek pieces". What is no headgear ("Lasix") is left out."""
    told = worn.lower()
    return "".join(letter for letter, words in _HEADGEAR if words.search(told)) or None


def stones(pounds: int) -> str:
    """Return a weight as it is printed: 161 is "11-7"."""
    return f"{pounds // POUNDS_A_STONE}-{pounds % POUNDS_A_STONE}"
