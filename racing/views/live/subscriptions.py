"""Which races a connection follows, and the board each subscription is answered with."""

from typing import cast

from racing.errors import RaceNotFound, RacingError, TooManySubscriptions
from racing.extensions import socketio
from racing.realtime import messages, rooms, shapes
from racing.realtime.requests import Nothing, SubscribeRace, SubscribeRaces, UnsubscribeRace
from racing.realtime.rooms import Variant
from racing.realtime.standing import Standing
from racing.views.live.client import Answer, Client
from racing.views.live.handling import client_event

# Room comes only by unsubscribing: sooner than this, asking again is of no use.
ASK_AGAIN_MS = 1_000
BOARDS_A_TURN = 8


@client_event("subscribe_race")
def subscribe_race(client: Client, asked: SubscribeRace) -> Answer:
    """Follow one race: `subscribed`, then the board as it stands."""
    race_id, variant = asked.raceId, asked.variant
    standing = client.kept_boards.standings([race_id]).get(race_id)
    if standing is None:
        raise RaceNotFound(race_id)
    _refuse_too_many(client, race_id)
    _follow(client, race_id, standing, variant)
    told = client.answer("subscribed", messages.subscribed_race(race_id, standing.version, standing.status))
    _catch_up(client, race_id, asked.since, variant)
    return told


@client_event("subscribe_races")
def subscribe_races(client: Client, asked: SubscribeRaces) -> Answer:
    """Follow several races: one `subscribed`, then a board a race. Those that cannot be followed are named."""
    race_ids, variant = list(dict.fromkeys(asked.raceIds)), asked.variant
    most = client.app.config["MAX_SUBSCRIPTIONS"]
    client.spend(max(0, min(len(race_ids), most) - 1))  # as if asked for one by one
    found = client.kept_boards.standings(race_ids)
    standings: list[shapes.Standing] = []
    rejected: list[shapes.Rejected] = []
    for race_id in race_ids:
        try:
            if race_id not in found:
                raise RaceNotFound(race_id)
            _refuse_too_many(client, race_id)
        except RacingError as error:
            rejected.append({"raceId": race_id, "type": cast(shapes.Reason, error.type)})
            continue
        standing = found[race_id]
        _follow(client, race_id, standing, variant)
        standings.append({"raceId": race_id, "version": standing.version, "status": standing.status})
    told = client.answer("subscribed", messages.subscribed_races(standings, rejected))
    since = asked.since or {}
    for number, followed in enumerate(standings, 1):
        _catch_up(client, followed["raceId"], since.get(followed["raceId"]), variant)
        if number % BOARDS_A_TURN == 0:
            socketio.sleep(0)  # lets what was answered leave, and everybody else in between
    return told


@client_event("unsubscribe_race")
def unsubscribe_race(client: Client, asked: UnsubscribeRace) -> Answer:
    """Stop following a race; not following it is no error."""
    variant = client.connections.unfollow(client.sid, asked.raceId)
    if variant is not None:
        socketio.server.leave_room(client.sid, rooms.race(asked.raceId))
        socketio.server.leave_room(client.sid, rooms.variant(asked.raceId, variant))
        client.publisher.forget(asked.raceId)
    return client.answer("unsubscribed", messages.unsubscribed(asked.raceId))


@client_event("get_subscriptions")
def get_subscriptions(client: Client, _asked: Nothing) -> Answer:
    """Name the races this connection follows."""
    return client.answer("subscriptions", messages.subscriptions(client.connections.races_of(client.sid)))


@client_event("ping")
def ping(client: Client, _asked: Nothing) -> Answer:
    """Tell the time."""
    return client.answer("pong", messages.pong())


def _refuse_too_many(client: Client, race_id: str) -> None:
    held, most = client.connections.races_of(client.sid), client.app.config["MAX_SUBSCRIPTIONS"]
    if race_id not in held and len(held) >= most:
        raise TooManySubscriptions(f"A connection follows at most {most} races.", ASK_AGAIN_MS)


def _follow(client: Client, race_id: str, standing: Standing, variant: Variant) -> None:
    """Join the rooms before the board is read: a broadcast that overtakes the answer does no harm, a gap would."""
    if not client.is_connected:
        return  # it went while the database was asked
    before = client.connections.follow(client.sid, race_id, variant)
    client.publisher.follow(race_id, standing)
    if before is not None and before != variant:
        socketio.server.leave_room(client.sid, rooms.variant(race_id, before))
    socketio.server.enter_room(client.sid, rooms.race(race_id))
    socketio.server.enter_room(client.sid, rooms.variant(race_id, variant))


def _catch_up(client: Client, race_id: str, since: int | None, variant: Variant) -> None:
    update = client.kept_boards.update(race_id, since, variant)
    if update is not None:
        client.answer("odds_update", update)
