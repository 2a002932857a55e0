"""When somebody who asked too often may come back, stated on the answer to this request."""

import math

from flask import Response, after_this_request

from racing.errors import LimitReached


def say_when(error: LimitReached) -> None:
    """Let the answer to this request say after how many seconds asking again may help."""

    @after_this_request
    def state(response: Response) -> Response:
        response.headers["Retry-After"] = str(max(1, math.ceil(error.retry_after_ms / 1000)))
        return response
