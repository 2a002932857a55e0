"""The message queue between workers: Flask-SocketIO's, on Redis, with a link that heals and never holds anybody up.

python-socketio's own RedisManager tries a publish twice while its caller waits, up to 10 s where Redis hangs, and may
stay away for a minute. Here a publish only puts the message into a bounded queue; greenlets of the link's own send and
listen, with short timeouts, and are back within two seconds of Redis. The wire is PubSubManager's, so any process with
`SocketIO(message_queue=url)` reaches our clients.
"""

import json
import queue
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import structlog
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from socketio.pubsub_manager import PubSubManager

from racing import metrics
from racing.realtime.transport.manager import FanOutManager

log = structlog.get_logger()
CHANNEL = "flask-socketio"
OURS = "racing"
MOST_WAITING = 2000
MOST_AT_ONCE = 100
TIMEOUT_S = 1.0
PING_AFTER_S = 0.5
SILENT_AFTER_S = 2.0
TRY_AGAIN_S = 0.5

Hear = Callable[[Mapping[str, Any]], None]


def redis_options(url: str, *, verify_tls: bool, timeout_s: float = TIMEOUT_S) -> dict[str, Any]:
    """Return options for a client that fails fast: no attempt is repeated behind the caller's back."""
    options: dict[str, Any] = {
        "socket_timeout": timeout_s,
        "socket_connect_timeout": timeout_s,
        "retry": Retry(NoBackoff(), 0),
        "health_check_interval": 0,
    }
    if url.startswith("rediss://") and not verify_tls:
        options["ssl_cert_reqs"] = None  # Heroku's certificates are self-signed
        options["ssl_check_hostname"] = False
    return options


class RedisLink(PubSubManager, FanOutManager):  # type: ignore[misc]
    """A client manager whose publishing waits for nobody. `is_up` says whether Redis has answered lately."""

    name = "redis"

    def __init__(self, url: str, *, verify_tls: bool, write_only: bool = False, house: str = "") -> None:
        """`write_only` is for the command line, which has no clients to tell.

        Messages of ours are heard only from processes of the same `house`: on one Redis there may be two databases.
        """
        self._house = house
        super().__init__(channel=CHANNEL, write_only=write_only, json=json)
        self.url, self.verify_tls = url, verify_tls
        self._options = redis_options(url, verify_tls=verify_tls)
        self._waiting: queue.Queue[str] = queue.Queue(MOST_WAITING)
        self._hearers: dict[str, Hear] = {}
        self._is_running = False
        self.is_up = False

    # --- for the rest of the live side ------------------------------------------------------------------------------

    def on(self, kind: str, hear: Hear) -> None:
        """Call `hear`, in the listening greenlet, with every message of this kind that another process says."""
        self._hearers[kind] = hear

    def say(self, kind: str, **message: Any) -> None:
        """Tell the other processes. Waits for nothing; while Redis is away the oldest of too many is dropped."""
        self._publish({"method": OURS, "kind": kind, "host_id": self.host_id, "house": self._house, **message})

    def start(self) -> None:
        """Begin to send and to listen; a second call does nothing."""
        if not self._is_running:
            self._is_running = True
            self.server.start_background_task(self._send_for_ever)
            if not self.write_only:
                super().initialize()

    def initialize(self) -> None:
        """As PubSubManager's; called by the server at its first client."""
        self.start()

    def flush(self, within_s: float = 2.0) -> bool:
        """Wait until all that was said has left; tell whether it has. For a process that is about to end."""
        deadline = time.monotonic() + within_s
        while self._waiting.unfinished_tasks and time.monotonic() < deadline:
            self.server.sleep(0.01)  # Queue.join takes no timeout
        return not self._waiting.unfinished_tasks

    # --- sending ----------------------------------------------------------------------------------------------------

    def _publish(self, data: dict[str, Any]) -> None:
        self.start()
        message = json.dumps(data)  # whoever says what cannot be said is told, not the sending greenlet
        while True:
            try:
                self._waiting.put_nowait(message)
                break
            except queue.Full:
                # Whatever it was, the next heartbeat mends it: values are sent, never differences.
                if self._take_one() is not None:
                    self._waiting.task_done()
                    metrics.LINK_DROPPED.inc()
        metrics.LINK_WAITING.set(self._waiting.unfinished_tasks)

    def _take_one(self) -> str | None:
        try:
            return self._waiting.get_nowait()
        except queue.Empty:
            return None

    def _send_for_ever(self) -> None:
        redis: Redis | None = None
        unsent: list[str] = []
        while True:
            if not unsent:
                unsent = [self._waiting.get()]
            while len(unsent) < MOST_AT_ONCE and (more := self._take_one()) is not None:
                unsent.append(more)
            try:
                redis = redis or Redis.from_url(self.url, **self._options)
                with redis.pipeline(transaction=False) as pipeline:
                    for message in unsent:
                        pipeline.publish(self.channel, message)
                    pipeline.execute()
            except (RedisError, OSError) as error:
                self._note_down(error)
                if redis is not None:
                    redis.close()
                    redis = None
                self.server.sleep(TRY_AGAIN_S)
                continue
            for _ in unsent:
                self._waiting.task_done()
            unsent = []
            metrics.LINK_WAITING.set(self._waiting.unfinished_tasks)

    # --- listening --------------------------------------------------------------------------------------------------

    def _listen(self) -> Iterator[Any]:
        """Yield what PubSubManager handles; hand on what is ours."""
        while True:
            try:
                for data in self._heard_over_one_connection():
                    message = json.loads(data)
                    if message.get("method") != OURS:
                        yield message
                    elif message["host_id"] != self.host_id and message.get("house", "") == self._house:
                        self._hand_on(message)
            except (RedisError, OSError) as error:
                self._note_down(error)
                self.server.sleep(TRY_AGAIN_S)

    def _heard_over_one_connection(self) -> Iterator[bytes]:
        redis = Redis.from_url(self.url, **self._options)
        try:
            with redis.pubsub(ignore_subscribe_messages=True) as subscription:  # type: ignore[no-untyped-call]
                subscription.subscribe(self.channel)
                heard_at = time.monotonic()
                while True:
                    message = subscription.get_message(timeout=PING_AFTER_S)
                    now = time.monotonic()
                    if message is not None:
                        heard_at = now
                        self._note_up()
                        if message["type"] == "message":
                            yield message["data"]
                    elif now - heard_at > SILENT_AFTER_S:
                        raise RedisError("no answer to a ping")  # it hangs, or the way there is cut
                    else:
                        subscription.ping()
        finally:
            redis.close()

    def _hand_on(self, message: Mapping[str, Any]) -> None:
        hear = self._hearers.get(str(message.get("kind")))
        if hear is None:
            return  # said by a newer version of this program
        try:
            hear(message)
        except Exception:
            # One message that cannot be read must not end the listening.
            log.exception("a message of another worker could not be handled", kind=message.get("kind"))

    def _note_up(self) -> None:
        if not self.is_up:
            self.is_up = True
            metrics.REDIS_UP.set(1)
            log.info("Redis answers")

    def _note_down(self, error: Exception) -> None:
        if self.is_up:
            self.is_up = False
            metrics.REDIS_UP.set(0)
            log.warning("Redis is away; this worker goes on alone", error=str(error)[:200])
