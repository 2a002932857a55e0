"""Which races a connection follows, and the board each subscription is answered with."""

from typing import cast

from flask import current_app

from racing.errors import RaceNotFound, RacingError, TooManySubscriptions
from racing.extensions import socketio
from racing.realtime import messages, rooms, shapes
from racing.realtime.publisher import Publisher
from racing.realtime.requests import Nothing, SubscribeRace, SubscribeRaces, UnsubscribeRace
from racing.realtime.rooms import Variant
from racing.realtime.standing import Standing
from racing.services import boards
from racing.views.live.handling import Answer, answer, client_event, connections, sid, spend

# Room comes only by unsubscribing: sooner than this, asking again is of no use.
ASK_AGAIN_MS = 1_000


@client_event("subscribe_race")
def subscribe_race(asked: SubscribeRace) -> Answer:
    """Follow one race: `subscribed`, then the board as it stands."""
    standing = boards.standings([asked.raceId]).get(asked.raceId)
    if standing is None:
        raise RaceNotFound(asked.raceId)
    _refuse_too_many(asked.raceId)
    _follow(asked.raceId, standing, asked.variant)
    told = answer("subscribed", messages.subscribed_race(asked.raceId, standing.version, standing.status))
    _catch_up(asked.raceId, asked.since, asked.variant)
    return told


@client_event("subscribe_races")
def subscribe_races(asked: SubscribeRaces) -> Answer:
    """Follow several races: one `subscribed`, then a board a race. Those that cannot be followed are named."""
    race_ids = list(dict.fromkeys(asked.raceIds))
    spend(max(0, min(len(race_ids), current_app.config["MAX_SUBSCRIPTIONS"]) - 1))  # as if asked for one by one
    found = boards.standings(race_ids)
    standings: list[shapes.Standing] = []
    rejected: list[shapes.Rejected] = []
    for race_id in race_ids:
        try:
            if race_id not in found:
                raise RaceNotFound(race_id)
            _refuse_too_many(race_id)
        except RacingError as error:
            rejected.append({"raceId": race_id, "type": cast(shapes.Reason, error.type)})
            continue
        standing = found[race_id]
        _follow(race_id, standing, asked.variant)
        standings.append({"raceId": race_id, "version": standing.version, "status": standing.status})
    told = answer("subscribed", messages.subscribed_races(standings, rejected))
    since = asked.since or {}
    for followed in standings:
        _catch_up(followed["raceId"], since.get(followed["raceId"]), asked.variant)
        socketio.sleep(0)  # lets the boards leave one by one, and everybody else in between
    return told


@client_event("unsubscribe_race")
def unsubscribe_race(asked: UnsubscribeRace) -> Answer:
    """Stop following a race; not following it is no error."""
    variant = connections().unfollow(sid(), asked.raceId)
    if variant is not None:
        socketio.server.leave_room(sid(), rooms.race(asked.raceId))
        socketio.server.leave_room(sid(), rooms.variant(asked.raceId, variant))
        _publisher().forget(asked.raceId)
    return answer("unsubscribed", messages.unsubscribed(asked.raceId))


@client_event("get_subscriptions")
def get_subscriptions(_asked: Nothing) -> Answer:
    """Name the races this connection follows."""
    return answer("subscriptions", messages.subscriptions(connections().races_of(sid())))


@client_event("ping")
def ping(_asked: Nothing) -> Answer:
    """Tell the time."""
    return answer("pong", messages.pong())


def _refuse_too_many(race_id: str) -> None:
    held, most = connections().races_of(sid()), current_app.config["MAX_SUBSCRIPTIONS"]
    if race_id not in held and len(held) >= most:
        raise TooManySubscriptions(f"A connection follows at most {most} races.", ASK_AGAIN_MS)


def _follow(race_id: str, standing: Standing, variant: Variant) -> None:
    """Join the rooms before the board is read: a broadcast that overtakes the answer does no harm, a gap would."""
    if not connections().is_connected(sid()):
        return  # it went while the database was asked
    before = connections().follow(sid(), race_id, variant)
    _publisher().follow(race_id, standing)
    if before is not None and before != variant:
        socketio.server.leave_room(sid(), rooms.variant(race_id, before))
    socketio.server.enter_room(sid(), rooms.race(race_id))
    socketio.server.enter_room(sid(), rooms.variant(race_id, variant))


def _catch_up(race_id: str, since: int | None, variant: Variant) -> None:
    board = boards.board(race_id, since if variant.mode == "delta" else None)
    if since is None or variant.mode == "full" or board["full"] or board["version"] > since:
        answer("odds_update", messages.encoded(messages.odds_update(race_id, board), variant.encoding))


def _publisher() -> Publisher:
    return cast(Publisher, current_app.extensions["publisher"])
