"""One way to make Redis clients: bounded pool, bounded waits, bounded retries."""

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError
from redis.maint_notifications import MaintNotificationsConfig


def connect(url: str, *, connections: int, timeout: float) -> Redis:
    """A client whose every wait (for a connection, for connecting, for an answer) ends after `timeout` seconds.

    A connection that turns out to be dead is replaced once, so every command must bear being run twice.
    """
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=connections,
        timeout=timeout,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        socket_keepalive=True,
        retry=Retry(NoBackoff(), 1, (ConnectionError,)),
        protocol=3,
        maint_notifications_config=MaintNotificationsConfig(enabled=False),
    )
    return Redis.from_pool(pool)
