"""What search engines ask for: where they may go, and which pages there are."""

import time
from typing import cast

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask.blueprints import BlueprintSetupState

from racing.views.declared import for_anyone
from racing.views.site_address import site_address
from racing.views.sitemap import KEPT_S, KeptSitemap

blueprint = Blueprint("crawlers", __name__)
KEPT_AN_HOUR = f"public, max-age={KEPT_S}"
_XML = "application/xml; charset=utf-8"
CLOSED = (
    "/staff", "/api/", "/socket.io/", "/metrics", "/login", "/register", "/forgot", "/reset", "/account",
    "/settings", "/my$", "/my/", "/notifications", "/search?", "/races/*/history", "/races/*/chart.json",
    "/races/*/others",
)  # fmt: skip


@blueprint.get("/robots.txt")
@for_anyone
def robots() -> Response:
    """Say which pages are for nobody's index, and where the list of the others is."""
    closed = "".join(f"Disallow: {path}\n" for path in CLOSED)
    sitemap = url_for("crawlers.sitemap", _external=True)
    return _kept(f"User-agent: *\n{closed}\nSitemap: {sitemap}\n", "text/plain; charset=utf-8")


@blueprint.get("/sitemap.xml")
@for_anyone
def sitemap() -> Response:
    """List the pages, or where there are too many for one file, the files that do."""
    return _kept(_sitemap().index(site_address()), _XML)


@blueprint.get("/sitemap-<int:number>.xml")
@for_anyone
def sitemap_file(number: int) -> Response:
    """List the pages of one of several files; 404 behind the last."""
    text = _sitemap().file(number, site_address()) if number else ""
    if not text:
        abort(404)
    return _kept(text, _XML)


@blueprint.record
def _bind(state: BlueprintSetupState) -> None:
    state.app.extensions["kept_sitemap"] = KeptSitemap(time.monotonic)


def _sitemap() -> KeptSitemap:
    return cast(KeptSitemap, current_app.extensions["kept_sitemap"])


def _kept(text: str, content_type: str) -> Response:
    response = Response(text, content_type=content_type)
    response.headers["Cache-Control"] = KEPT_AN_HOUR
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response
