"""Scripts, styles and pictures, under addresses that name the release: a page finds its own modules during a deploy.

`url_for("static", ...)` gives /static/v-FINGERPRINT/...; a module's `import "./board.js"` stays below it. What the
fingerprint of this release names never changes. Another release's is answered with the file as it is here: a page of
the release before, or after, asks a worker of this one while they are exchanged.
"""

import hashlib
import os
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, send_from_directory
from werkzeug.exceptions import NotFound as WerkzeugNotFound
from werkzeug.security import safe_join

from racing.config import ROOT
from racing.views.compression import encoding_for, kept
from racing.views.declared import the_same_for_anyone

FOLDER = ROOT / "static"
FINGERPRINT_LETTERS = 12
FOR_EVER = "public, max-age=31536000, immutable"
# Not for a cache that others share: the next worker may hold the very release that was asked for.
NOT_FOR_LONG = "private, max-age=10"
ASK_EACH_TIME = "no-cache"
TEXTS = (".js", ".css", ".svg", ".json")


def register(app: Flask) -> None:
    """Serve the folder of static files, as the endpoint `static`."""
    release = fingerprint(FOLDER)
    # In development a file may be edited while the process runs: its fingerprint then names what it was.
    own = FOR_EVER if app.config["APP_ENV"] == "production" else ASK_EACH_TIME

    @app.url_defaults
    def name_the_release(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values.setdefault("asked", release)

    @app.get("/static/v-<asked>/<path:filename>", endpoint="static")
    @the_same_for_anyone
    def of_a_release(asked: str, filename: str) -> Response:
        return _file(filename, own if asked == release else NOT_FOR_LONG)

    @app.get("/static/<path:filename>", endpoint="static_of_any_release")
    @the_same_for_anyone
    def of_any_release(filename: str) -> Response:
        return _file(filename, ASK_EACH_TIME)


def fingerprint(folder: Path) -> str:
    """Return letters that every change of a file in the folder, its name or its contents, changes."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        contents = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(contents)}\0".encode())
        digest.update(contents)
    return digest.hexdigest()[:FINGERPRINT_LETTERS]


def _file(filename: str, cache_control: str) -> Response:
    encoding = encoding_for(request) if filename.endswith(TEXTS) else ""
    response = _compressed(filename, encoding) if encoding else send_from_directory(FOLDER, filename)
    response.headers["Cache-Control"] = cache_control
    return response


def _compressed(filename: str, encoding: str) -> Response:
    path = safe_join(str(FOLDER), filename)
    if path is None or not os.path.isfile(path):  # which knows of no name that is too long, or holds a NUL
        raise WerkzeugNotFound
    file = kept(Path(path), encoding)
    # Without a header, or a word in one, that nobody needs: a page asks for fifty of them, all in UTF-8 as it is.
    response = Response(file.body, content_type=guess_type(filename)[0])
    response.headers["Content-Encoding"] = encoding
    response.set_etag(file.tag)
    response.make_conditional(request)
    return response
