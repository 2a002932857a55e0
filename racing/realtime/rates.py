"""How often users and addresses may do what, over all workers; how often a connection may."""

from collections.abc import Callable

from racing.config import Settings
from racing.realtime.allowance import Allowance
from racing.realtime.tally import Tally
from racing.realtime.transport.turnstile import Turnstile

CONNECTS_BURST_S, EVENTS_BURST_S = 4, 10
# Of 401 answers, for each wrong password that an address may send.
REFUSALS_A_PASSWORD = 20
UNLIMITED = 0


class SharedAllowance:
    """An Allowance of which all workers take, each told a moment later of what the others took."""

    def __init__(self, kind: str, per_second: float, burst: int, clock: Callable[[], float], tally: Tally) -> None:
        """`kind` is what the workers call it; `clock` returns seconds."""
        self.per_second, self.burst = per_second, burst
        self._kind, self._tally = kind, tally
        self._own = Allowance(per_second, burst, clock)
        tally.hear(kind, self._hear)

    def take(self, key: str, cost: int = 1) -> int:
        """As Allowance's."""
        name = self._tally.name(key)
        wait_ms = self._own.take(name, cost)
        if not wait_ms:
            self._tally.add(self._kind, name, cost)
        return wait_ms

    def wait_ms(self, key: str, cost: int = 1) -> int:
        """As Allowance's."""
        return self._own.wait_ms(self._tally.name(key), cost)

    def left(self, key: str) -> int:
        """As Allowance's."""
        return self._own.left(self._tally.name(key))

    def full_in_s(self, key: str) -> float:
        """As Allowance's."""
        return self._own.full_in_s(self._tally.name(key))

    def _hear(self, name: str, amount: int, _ago_s: float) -> None:
        self._own.charge(name, amount)


class Rates:
    """All of them, as the settings have it. Those by address are None where MAX_CONNECTIONS_PER_IP is 0."""

    def __init__(self, settings: Settings, clock: Callable[[], float], tally: Tally) -> None:
        """`clock` returns seconds."""

        def shared(kind: str, per_second: float, burst: int) -> SharedAllowance:
            return SharedAllowance(kind, per_second, burst, clock, tally)

        by_address = settings.max_connections_per_ip > UNLIMITED
        reads, connects = settings.reads_per_second, settings.connects_per_second
        of_user, of_address = settings.user_events_per_second, settings.address_events_per_second
        refusals = REFUSALS_A_PASSWORD * settings.failed_logins_per_minute
        self.events = Allowance(settings.client_events_per_second, settings.client_events_burst, clock)
        self.user_events = shared("user_events", of_user, EVENTS_BURST_S * of_user)
        self.user_reads = shared("reads", reads, reads)
        self.address_events = shared("address_events", of_address, EVENTS_BURST_S * of_address) if by_address else None
        self.address_reads = self.user_reads if by_address else None
        self.refusals = shared("refusals", refusals / 60, refusals) if by_address else None
        self.connects = shared("connects", connects, CONNECTS_BURST_S * connects) if by_address else None
        self.turnstile = Turnstile(self.connects)
