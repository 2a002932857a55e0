"""What operators can count, each thing named and described once."""

from collections import Counter as Tally

from prometheus_client import Counter, Gauge, Histogram

_CHANGE_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 5, 10)
CHANGE_BOUNDS_S = (*_CHANGE_S, float("inf"))
"""Up to how many seconds each bucket of PUBLISH_TO_SEND goes."""
_LAG_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

# --- who is here --------------------------------------------------------------------------------------------------

CONNECTIONS = Gauge("racing_connections", "Socket.IO connections to this worker.")
ROOMS = Gauge("racing_rooms", "Race rooms of this worker: races that somebody on it follows.")
SUBSCRIPTIONS = Gauge("racing_subscriptions", "Races followed, summed over the connections to this worker.")
WORKERS = Gauge("racing_workers", "Workers that this one knows of, itself included.")

# --- how changes leave --------------------------------------------------------------------------------------------

PRICES_WRITTEN = Counter("racing_price_writes_total", "Requests that moved prices, by way in.", ["way"])
PUBLISHED = Counter("racing_published_total", "Broadcasts of odds_update, by what caused them.", ["cause"])
RELAYED = Counter("racing_relayed_total", "Broadcasts of other workers sent on to this worker's rooms.")
CONFLATED = Counter(
    "racing_conflated_total", "Changes that left inside the broadcast of a later one; counted where it was published."
)
DELIVERED = Counter(
    "racing_delivered_total",
    "Messages to clients, as they fall due to be written by this worker; brought up once a second.",
)
REPAIRED = Counter("racing_repaired_total", "Races whose rooms the heartbeat found behind the database.")
SUBSCRIPTION_BOARDS = Counter(
    "racing_subscription_boards_total",
    "Boards for new subscriptions, by way: read from the database, or kept from a reading for somebody else just then.",
    ["way"],
)
PUBLISH_TO_SEND = Histogram(
    "racing_publish_to_send_seconds",
    "From when this worker heard of the oldest change in a broadcast (its own commit, or another worker's word) to its "
    "last emit, on this worker's clock alone; conflation's wait is in it, the way over Redis is not. "
    "way: published here, or relayed for another worker.",
    ["way"],
    buckets=_CHANGE_S,
)

TRANSPORT = Gauge(
    "racing_transport",
    "Always 1; kind: how WebSockets are served (direct, or stock: the slow way), send_loop: what writes to them.",
    ["kind", "send_loop"],
)

# --- what is refused ----------------------------------------------------------------------------------------------

REFUSED_EVENTS = Counter("racing_refused_events_total", "Client events answered with an error, by its type.", ["type"])
REFUSED_REQUESTS = Counter(
    "racing_refused_requests_total", "HTTP requests refused, by the error's type and the edge.", ["type", "edge"]
)
FAILED_SIGN_INS = Counter(
    "racing_failed_sign_ins_total",
    "Sign-ins that failed, by reason: wrong_password, unknown (no such user), disabled, too_many (not looked at).",
    ["reason"],
)
REFUSED_CONNECTIONS = Counter("racing_refused_connections_total", "Connections refused, by reason.", ["type"])
REUSED_REFRESH_TOKENS = Counter(
    "racing_reused_refresh_tokens_total", "Refresh tokens that came a second time, and ended their sign-in.", ["way"]
)
SLOW_CLIENTS_CLOSED = Counter("racing_slow_clients_closed_total", "Transports closed on clients that do not read.")
TRANSPORTS_CUT = Counter("racing_transports_cut_total", "Transports closed by this worker, by cause.", ["cause"])
UNREAD_MESSAGES = Gauge("racing_unread_messages", "Messages that wait for clients to read them, over all of them.")
UNREAD_MOST = Gauge("racing_unread_messages_most", "Messages that wait for the slowest client.")

# --- the worker itself, and its way to the others -----------------------------------------------------------------

REDIS_UP = Gauge("racing_redis_up", "1 while Redis answers this worker. 0 also where no Redis is configured.")
LINK_WAITING = Gauge("racing_link_waiting", "Messages to other workers that wait for Redis.")
LINK_DROPPED = Counter("racing_link_dropped_total", "Messages to other workers dropped because too many waited.")
LINK_SECONDS = Histogram(
    "racing_link_seconds",
    "From one worker's broadcast to another's hearing of it over Redis, by the wall clocks of their hosts: where these "
    "are apart, so are the figures.",
    buckets=_LAG_S,
)
LIVE_LOOP_LATE = Histogram(
    "racing_live_loop_late_seconds",
    "How late the live loop came to what fell due: a slow database delays it, as does a busy worker.",
    buckets=_LAG_S,
)
LOOP_LAG = Histogram(
    "racing_loop_lag_seconds",
    "How late a sleep of a tenth of a second ended: the whole worker stood still so long.",
    buckets=_LAG_S,
)
LOOP_LAG_WORST = Gauge("racing_loop_lag_worst_seconds", "The longest such lag of the last ten seconds.")


def counted_by_bound(metric: Histogram) -> list[int]:
    """Return how many fell into each of its buckets (the last: beyond all) in this process, over all its labels."""
    below: Tally[float] = Tally()
    for family in metric.collect():
        for sample in family.samples:
            if sample.name.endswith("_bucket"):
                below[float(sample.labels["le"])] += int(sample.value)
    cumulated = [below[bound] for bound in sorted(below)]
    return [count - before for count, before in zip(cumulated, [0, *cumulated], strict=False)]


def total(metric: Counter | Gauge) -> float:
    """Return what a counter or a gauge stands at in this process, over all its labels."""
    samples = (sample for family in metric.collect() for sample in family.samples)
    return sum(sample.value for sample in samples if not sample.name.endswith("_created"))
