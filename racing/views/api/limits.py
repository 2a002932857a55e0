"""The limit a request counted against, stated on its answer."""

import math
import time

from flask import Response

from racing.extensions import limiter


def state_limit(response: Response) -> Response:
    """Say how many requests the limit allows, how many are left, and when it counts anew; on a 429 when to come back.

    Not by Flask-Limiter's own headers: those say "come back later" on every answer, also where all is well.
    """
    limit = limiter.current_limit
    if limit is not None:
        response.headers["X-RateLimit-Limit"] = str(limit.limit.amount)
        response.headers["X-RateLimit-Remaining"] = str(max(0, limit.remaining))
        response.headers["X-RateLimit-Reset"] = str(math.ceil(limit.reset_at))
        if response.status_code == 429:
            response.headers.setdefault("Retry-After", str(max(1, math.ceil(limit.reset_at - time.time()))))
    return response
