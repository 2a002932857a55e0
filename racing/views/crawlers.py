"""What search engines ask for: where they may go, and which pages there are."""

from flask import Blueprint, Response, abort, render_template, request, url_for

from racing.services import site_index
from racing.services.site_index import Listed
from racing.views.race_cards import now

blueprint = Blueprint("crawlers", __name__)
ADDRESSES_A_FILE = 10_000
"""The format takes 50,000; fewer are read and drawn without keeping the loop from anybody."""
KEPT_AN_HOUR = "public, max-age=3600"
ALWAYS_THERE = ("/", "/meetings", "/results", "/non-runners", "/movers", "/news")
CLOSED = (
    "/staff", "/api/", "/socket.io/", "/metrics", "/login", "/register", "/account", "/settings", "/my$", "/my/",
    "/notifications", "/search?", "/races/*/history", "/races/*/chart.json",
)  # fmt: skip


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Say which pages are for nobody's index, and where the list of the others is."""
    closed = "".join(f"Disallow: {path}\n" for path in CLOSED)
    sitemap = url_for("crawlers.sitemap", _external=True)
    return _kept(f"User-agent: *\n{closed}\nSitemap: {sitemap}\n", "text/plain; charset=utf-8")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """List the pages, or where there are too many for one file, the files that do."""
    at = now()
    files = -(-site_index.count(at) // ADDRESSES_A_FILE)
    if files <= 1:
        return _addresses(0, ALWAYS_THERE)
    addresses = [url_for("crawlers.sitemap_file", number=number, _external=True) for number in range(1, files + 1)]
    return _kept(render_template("sitemap_index.xml", files=addresses), "application/xml; charset=utf-8")


@blueprint.get("/sitemap-<int:number>.xml")
def sitemap_file(number: int) -> Response:
    """List the pages of one of several files; 404 behind the last."""
    if number < 1 or (number - 1) * ADDRESSES_A_FILE >= max(site_index.count(now()), 1):
        abort(404)
    return _addresses((number - 1) * ADDRESSES_A_FILE, ALWAYS_THERE if number == 1 else ())


def _addresses(first: int, always: tuple[str, ...]) -> Response:
    listed = site_index.listed(now(), first, ADDRESSES_A_FILE)
    pages = [(_address(each), each.changed_at.isoformat(timespec="seconds")) for each in listed]
    base = request.url_root.rstrip("/")
    drawn = render_template("sitemap.xml", pages=[*((f"{base}{path}", "") for path in always), *pages])
    return _kept(drawn, "application/xml; charset=utf-8")


def _address(listed: Listed) -> str:
    match listed.kind:
        case "race":
            return url_for("punters.race", race_id=listed.key, _external=True)
        case "meeting":
            return url_for("punters.meeting", slug=listed.key, _external=True)
        case _:
            return url_for("news.article", slug=listed.key, _external=True)


def _kept(text: str, content_type: str) -> Response:
    response = Response(text, content_type=content_type)
    response.headers["Cache-Control"] = KEPT_AN_HOUR
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response
