"""How the pages of one reader answer: kept by nobody else; a form leads back, or tells the script that sent it."""

from typing import Any

from flask import Response, flash, jsonify, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from racing.views.addresses import own_path
from racing.views.drawing import drawn


def private_page(template: str, status: int = 200, **shown: Any) -> Response:
    """Return the template as a page that no shared cache keeps."""
    response = make_response(drawn(template, **shown), status)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def done(sentence: str, otherwise: str, **facts: Any) -> AnyResponse:
    """Tell that a form did what it says: to a script as `{said, ...facts}`, else on the page it came from.

    That page is the form's `next` where it is one of ours, else `otherwise`.
    """
    if wants_json():
        return jsonify(said=sentence, **facts)
    flash(sentence)
    return redirect(own_path(request.form.get("next")) or otherwise, 303)


def wants_json() -> bool:
    """Tell whether a script sent this form, and stays on its page."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
