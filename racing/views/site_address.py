"""What the site is called where a page names itself: PUBLIC_URL where it is set, else as whoever asks calls it.

Whoever asks may call it anything (the Host header): a search engine, a chat or a feed reader keeps what it is told.
"""

from urllib.parse import urlsplit

from flask import Flask, Request, Response, current_app, request
from werkzeug.routing import MapAdapter

from racing.views.form_fields import SaneRequest


class Site(Flask):
    """The application; `url_for` builds whole addresses below PUBLIC_URL."""

    request_class = SaneRequest

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Return what matches and builds the addresses of a request; see Flask."""
        adapter = super().create_url_adapter(request)
        if adapter is not None and (public := self.config.get("PUBLIC_URL")):
            adapter.url_scheme, adapter.server_name = urlsplit(public)[:2]
        return adapter


def register(app: Flask) -> None:
    """Give templates the site's address and the page's own; let redirects of the routing stay where they are asked."""
    app.jinja_env.globals.update(site_address=site_address, page_address=page_address)
    app.after_request(_stay_here)


def site_address() -> str:
    """Return scheme://host[:port] of the site."""
    return str(current_app.config["PUBLIC_URL"]) or request.host_url.rstrip("/")


def page_address() -> str:
    """Return the whole address of the page that is asked for, without what stands behind the `?`."""
    return site_address() + urlsplit(request.base_url).path


def _stay_here(response: Response) -> Response:
    """Take scheme and host out of a redirect to another way to write an address, `/staff` to `/staff/`."""
    for own in (site_address(), request.host_url.rstrip("/")):
        path = (response.location or "").removeprefix(own)
        if path != response.location and path.startswith("/") and not path.startswith(("//", "/\\")):
            response.location = path
            response.set_data(b"")  # it would name the host once more
            break
    return response
