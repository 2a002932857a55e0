"""Draws templates so that no long page keeps prices waiting."""

from typing import Any

from flask import current_app

from racing.extensions import in_turns


def drawn(template: str, **shown: Any) -> str:
    """Return the template with what it shows, drawn piece by piece; others of the loop go on in between."""
    current_app.update_template_context(shown)
    return "".join(in_turns(current_app.jinja_env.get_template(template).generate(shown)))
