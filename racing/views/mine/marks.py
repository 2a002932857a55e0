"""What pages of races and people ask about their reader: what is watched, and which prices are waited for."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import g

from racing.models import PriceAlert, WatchKind
from racing.services import price_alerts, watchlists
from racing.views.mine import blueprint
from racing.views.signed_in import page_user
from racing.views.wishes import watch_word


@blueprint.app_context_processor
def questions() -> dict[str, Callable[..., Any]]:
    """Give every template the questions; a page that does not put them asks the database nothing."""
    return {"is_watched": is_watched, "waits_for": waits_for, "watch_word": watch_word}


def is_watched(kind: str, key: str) -> bool:
    """Tell whether the reader watches it; the signed-out watch nothing."""
    user = page_user()
    return user is not None and watchlists.is_watched(user.id, WatchKind(kind), key)


def waits_for(race_id: str, runner_id: str) -> bool:
    """Tell whether the reader waits for a price of that runner; asked once a race."""
    if "alerts_here" not in g:
        g.alerts_here = _alerts_in(race_id)
    return any(alert.armed for alert in g.alerts_here.get(runner_id, ()))


def _alerts_in(race_id: str) -> Mapping[str, Sequence[PriceAlert]]:
    user = page_user()
    return {} if user is None else price_alerts.of_race(user.id, race_id)
