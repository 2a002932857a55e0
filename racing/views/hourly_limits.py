"""What an address may do only so often in an hour."""

from racing.extensions import asking_network, limiter


def count_this_hour(what: str, most: int) -> None:
    """Count one more `what` from where this request comes from. Raises RateLimitExceeded where there were `most`.

    Before it is done: of many that come at once each would find that none has been counted yet.
    """
    with limiter.limit(f"{most}/hour", key_func=asking_network, scope=what):
        pass
