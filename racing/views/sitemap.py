"""The files that list the pages for search engines, drawn once an hour for all who ask."""

from collections import OrderedDict
from collections.abc import Callable, Iterator

from flask import render_template, url_for

from racing.realtime.single_flight import SingleFlight
from racing.services import site_index
from racing.services.site_index import Kind
from racing.views.race_cards import now

ADDRESSES_A_FILE = 2_000
"""The format takes 50,000; fewer are compressed without keeping the loop from anybody."""
ALWAYS_THERE = ("/", "/meetings", "/results", "/non-runners", "/movers", "/news")
KEPT_S = 3600
_MOST_KEPT = 100
# Where the site's own address goes: a sitemap is read under whatever name the site is asked by.
_SITE = "\0"


class KeptSitemap:
    """The files of one worker; a file is some 200 kB."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` returns seconds."""
        self._clock = clock
        self._drawing = SingleFlight(self._draw, clock)
        self._kept: OrderedDict[str, tuple[float, str]] = OrderedDict()

    def index(self, site: str) -> str:
        """Return the file that lists the others, or the pages where one file takes them all.

        `site` is the beginning of every address, without a slash at its end.
        """
        return self._file("index", site)

    def file(self, number: int, site: str) -> str:
        """Return one of several files, the first being 1; nothing where there is none of that number."""
        return self._file(str(number), site)

    def forget(self) -> None:
        """Draw all anew for who asks next."""
        self._kept.clear()

    def _file(self, name: str, site: str) -> str:
        text = self._fresh(name) or self._drawing.get(name, float("-inf"))
        return text.replace(_SITE, site)

    def _fresh(self, name: str) -> str:
        drawn_at, text = self._kept.get(name, (0.0, ""))
        return text if self._clock() - drawn_at < KEPT_S else ""

    def _draw(self, name: str) -> str:
        # Who asked while somebody else was at it may come here just after.
        if text := self._fresh(name):
            return text
        at = self._clock()
        text = _index() if name == "index" else _one_of_several(int(name))
        if text:
            self._kept[name] = at, text
            self._kept.move_to_end(name)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return text


def _index() -> str:
    files = -(-site_index.count(now()) // ADDRESSES_A_FILE)
    if files <= 1:
        return _pages(0, ALWAYS_THERE)
    paths = [url_for("crawlers.sitemap_file", number=number) for number in range(1, files + 1)]
    return render_template("sitemap_index.xml", files=[f"{_SITE}{path}" for path in paths])


def _one_of_several(number: int) -> str:
    first = (number - 1) * ADDRESSES_A_FILE
    if number > 1 and first >= site_index.count(now()):
        return ""
    return _pages(first, ALWAYS_THERE if number == 1 else ())


def _pages(first: int, always: tuple[str, ...]) -> str:
    entries = "".join((*(_entry(path) for path in always), *_listed(first)))
    return render_template("sitemap.xml", entries=entries)


def _listed(first: int) -> Iterator[str]:
    # Ten thousand addresses built by the router, one by one, take a tenth of a second; those of a kind begin alike.
    folders = {
        Kind.RACE: url_for("punters.race", race_id="-")[:-1],
        Kind.MEETING: url_for("punters.meeting", slug="-")[:-1],
        Kind.ARTICLE: url_for("news.article", slug="-")[:-1],
    }
    for each in site_index.listed(now(), first, ADDRESSES_A_FILE):
        # A key is a slug: it needs no escape in an address, and none in XML.
        yield _entry(f"{folders[each.kind]}{each.key}", each.changed_at.isoformat(timespec="seconds"))


def _entry(path: str, changed_at: str = "") -> str:
    told = f"<lastmod>{changed_at}</lastmod>" if changed_at else ""
    return f"<url><loc>{_SITE}{path}</loc>{told}</url>\n"
