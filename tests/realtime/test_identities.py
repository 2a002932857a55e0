"""Private rooms: entered with a token, left when it expires or is taken back."""

from datetime import UTC, datetime

import pytest

from racing.realtime.identities import Ended, Identities, Identity

NOW = 1_800_000_000.0


class House:
    """Private rooms kept in a set, what was emitted in a list, a clock that is stepped."""

    def __init__(self) -> None:
        self.now = NOW
        self.inside: set[tuple[str, str]] = set()
        self.emitted: list[tuple[str, str]] = []
        self.ended = Ended()
        self.asked_since: list[datetime] = []
        self.identities = Identities(
            self._emit,
            lambda sid, room: self.inside.add((sid, room)),
            lambda sid, room: self.inside.discard((sid, room)),
            self._read_ended,
            lambda: self.now,
        )

    def _emit(self, event: str, message: dict[str, str], *, to: str) -> None:
        assert event == "error"
        self.emitted.append((to, message["type"]))

    def _read_ended(self, since: datetime) -> Ended:
        self.asked_since.append(since)
        return self.ended

    def sign_in(
        self, sid: str, user_id: int = 7, lives_s: float = 60, grants: tuple[str, ...] = ("jti", "session")
    ) -> None:
        self.identities.sign_in(sid, Identity(user_id, datetime.fromtimestamp(self.now + lives_s, UTC), grants))


@pytest.fixture
def house() -> House:
    return House()


def test_a_signed_in_connection_is_in_its_users_room(house: House) -> None:
    house.sign_in("tab")

    assert house.inside == {("tab", "user:7")}
    identity = house.identities.of("tab")
    assert identity is not None
    assert identity.user_id == 7


def test_another_user_takes_the_connection_over(house: House) -> None:
    house.sign_in("tab", 7)
    house.sign_in("tab", 8)

    assert house.inside == {("tab", "user:8")}


def test_an_identity_expires_to_the_moment_with_a_warning(house: House) -> None:
    house.sign_in("tab", lives_s=60)
    house.sign_in("phone", lives_s=90)
    assert house.identities.due_in() == 60

    house.now += 60
    assert house.identities.of("tab") is None
    house.identities.do_due()

    assert house.emitted == [("tab", "token_expired")]
    assert house.inside == {("phone", "user:7")}
    assert house.identities.due_in() == 30


def test_a_renewed_identity_does_not_expire_with_the_old_one(house: House) -> None:
    house.sign_in("tab", lives_s=60)
    house.now += 50
    house.sign_in("tab", lives_s=60)
    house.now += 20

    house.identities.do_due()

    assert house.emitted == []
    assert house.identities.due_in() == 40


def test_nobody_is_dismissed_before_the_time(house: House) -> None:
    house.sign_in("tab", lives_s=60)
    house.now += 59.9

    house.identities.do_due()

    assert house.emitted == []


@pytest.mark.parametrize("ended", [Ended(grants=["session"]), Ended(grants=["jti"]), Ended(users={7: None})])
def test_what_is_taken_back_takes_the_room_at_once(house: House, ended: Ended) -> None:
    house.sign_in("tab")
    house.sign_in("phone", 8, grants=("other", "elsewhere"))

    house.identities.end(ended)

    assert house.inside == {("phone", "user:8")}
    assert house.emitted == [("tab", "token_invalid")]
    assert house.identities.of("tab") is None


def test_another_process_is_heard_of_by_asking_and_a_little_back(house: House) -> None:
    house.sign_in("tab")
    house.ended = Ended(users={7: None})

    house.identities.poll()

    assert house.emitted == [("tab", "token_invalid")]
    assert house.asked_since[0].timestamp() < NOW - 30


def test_nobody_is_asked_about_where_nobody_is_signed_in(house: House) -> None:
    house.identities.poll()

    assert house.asked_since == []


def test_a_connection_that_has_gone_hears_nothing(house: House) -> None:
    house.sign_in("tab")
    house.identities.forget("tab")
    house.now += 100

    house.identities.do_due()
    house.identities.end(Ended(users={7: None}))

    assert house.emitted == []
