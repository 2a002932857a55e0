"""What one worker has done since it began, in numbers that can be added up over all of them."""

from collections.abc import Mapping, Sequence

from prometheus_client import Counter, Gauge

from racing import metrics

_COUNTED: Mapping[str, Sequence[Counter | Gauge]] = {
    "written": (metrics.PRICES_WRITTEN,),
    "published": (metrics.PUBLISHED,),
    "relayed": (metrics.RELAYED,),
    "delivered": (metrics.DELIVERED,),
    "conflated": (metrics.CONFLATED,),
    "repaired": (metrics.REPAIRED,),
    "refused": (metrics.REFUSED_EVENTS, metrics.REFUSED_CONNECTIONS),
    "slowClosed": (metrics.SLOW_CLIENTS_CLOSED,),
    "unread": (metrics.UNREAD_MESSAGES,),
    "linkWaiting": (metrics.LINK_WAITING,),
}
COUNTS = (*_COUNTED, "lagMs")


def own_counts() -> Mapping[str, int]:
    """Return this process's: each of COUNTS, `lagMs` being the worst of the last ten seconds."""
    counts = {name: int(sum(metrics.total(metric) for metric in counted)) for name, counted in _COUNTED.items()}
    return {**counts, "lagMs": round(metrics.total(metrics.LOOP_LAG_WORST) * 1000)}


def own_delays() -> Sequence[int]:
    """Return how many of this process's broadcasts took how long, by metrics.CHANGE_BOUNDS_S."""
    return metrics.counted_by_bound(metrics.PUBLISH_TO_SEND)
