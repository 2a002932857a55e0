"""What one reader watches, and the forms that add to it and take from it."""

from collections.abc import Callable, Mapping, Sequence

from flask import g, request, url_for
from werkzeug.wrappers import Response

from racing.errors import InvalidInput
from racing.models import PriceAlert, Runner, User, WatchKind
from racing.services import price_alerts, watchlists
from racing.services.watchlists import Watched
from racing.views import words
from racing.views.addresses import own_path
from racing.views.declared import for_anyone, signed_in_only
from racing.views.forms import chosen
from racing.views.held import vocabulary
from racing.views.held_runs import live_races
from racing.views.mine import blueprint
from racing.views.mine.alert_lines import alert_line
from racing.views.mine.answers import done, private_page
from racing.views.mine.watch_lines import name_lines
from racing.views.punters import site_zone
from racing.views.punters.refreshed import list_mark, most_followed, unchanged
from racing.views.race_cards import now
from racing.views.race_lines import race_lines
from racing.views.signed_in import page_user
from racing.views.wishes import watch_word


@blueprint.get("/my")
@for_anyone
def my() -> Response:
    """Show what the reader watches and waits for; to the signed-out, what there would be."""
    user = page_user()
    return private_page("mine/offer.html") if user is None else _list_of(user)


def _list_of(user: User) -> Response:
    watched, at = watchlists.watched(user.id), now()
    armed, ended = price_alerts.armed(user.id), price_alerts.ended(user.id)
    mark = _mark(watched, (*armed, *ended))
    same = unchanged(mark)
    if same:
        return same
    lines = race_lines([each.race for each in watched if each.race is not None], at, followed=most_followed())
    followed = [line.race_id for line in lines if line.is_live]
    runs = [run for each in watched for run in each.next_runs]
    watchlists.read_prices(runs)
    return private_page(
        "mine/my.html",
        lines=lines,
        watches=[each.watch for each in watched if each.race is not None],
        names=name_lines(watched, at, live_races(runs, most_followed(), followed)),
        armed=[alert_line(alert) for alert in armed],
        ended=[alert_line(alert) for alert in ended],
        mark=mark,
        as_of=words.clock(at, site_zone(), seconds=True),
        rendered_at=at.isoformat(),
        zone=site_zone().key,
        vocabulary=vocabulary(),
    )


def _mark(watched: Sequence[Watched], alerts: Sequence[PriceAlert]) -> str:
    """Return what changes with anything that the page lists but prices."""
    races = [each.race for each in watched if each.race is not None]
    runs = [(each.watch.id, each.watch.alerts, [_run(run) for run in each.next_runs]) for each in watched]
    waits = [(one.id, one.armed, one.must_leave, one.price, one.told_at, _run(one.runner)) for one in alerts]
    listed = [(race.id, words.phase(race.status), race.off_time, race.card_version) for race in races]
    return list_mark([listed, runs, waits])


def _run(runner: Runner) -> tuple[object, ...]:
    return runner.id, runner.status, runner.race.status, runner.race.off_time, runner.race.card_version


def _as_wished() -> Mapping[str, str]:
    """Return what a star wants that was pressed by somebody whose time has run out."""
    back = {"next": own_path(request.form.get("next")) or url_for("mine.my")}
    if request.form.get("do") != "watch":
        return back
    return {**back, "watch": watch_word(request.form.get("kind", ""), request.form.get("key", ""))}


@blueprint.post("/my/watches")
@signed_in_only(_as_wished)
def change_watch() -> Response:
    """Do what the pressed button says: watch something, stop watching it, be told of it, or only have it listed.

    Raises InvalidInput where the form says none of these, NotFound where there is no such thing, Conflict where the
    list is full.
    """
    kind, key = chosen(request.form, "kind", WatchKind), request.form.get("key", "")
    wanted = request.form.get("do", "")
    if wanted not in _DOES:
        raise InvalidInput("This form does not say what to do. Reload the page.")
    _DOES[wanted](g.user.id, kind, key)
    return done(_SAID[wanted], url_for("mine.my"), watching=watchlists.is_watched(g.user.id, kind, key))


def _tell(user_id: int, kind: WatchKind, key: str) -> None:
    watchlists.set_alerts(user_id, kind, key, alerts=True)


def _hush(user_id: int, kind: WatchKind, key: str) -> None:
    watchlists.set_alerts(user_id, kind, key, alerts=False)


_DOES: dict[str, Callable[[int, WatchKind, str], object]] = {
    "watch": watchlists.watch,
    "unwatch": watchlists.unwatch,
    "tell": _tell,
    "hush": _hush,
}
_SAID = {
    "watch": "It is on your list now. You are told what happens.",
    "unwatch": "It is off your list.",
    "tell": "You are told what happens to it.",
    "hush": "It stays on your list, and you are not told of it.",
}
