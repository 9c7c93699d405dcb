"""A server is told to stop while everybody is connected and playing."""

import asyncio
import time
from collections.abc import Callable

import pytest
from websockets.exceptions import ConnectionClosed

from tests.chat.talk import Talker
from tests.support.server import Server

from .house import House, Load, listen, shared
from .test_faults import check_rounds, check_told, everything_told, open_followers, reconcile

pytestmark = pytest.mark.multi
Start = Callable[..., Server]


@pytest.mark.parametrize(
    ("streams", "sockets"), [(60, 20), pytest.param(1000, 1000, marks=[pytest.mark.slow, pytest.mark.timeout(300)])]
)
async def test_all_end_cleanly_and_miss_nothing(
    postgres_url: str, redis_url: str, server: Start, streams: int, sockets: int
) -> None:
    env = shared(postgres_url, redis_url)
    house = House([server(**env), server(**env)], postgres_url)
    guest = await house.sign_up()
    login = {"access_token": guest.token}
    listeners = [await guest.listen("wallet", "big_wins") for _ in range(streams)]
    talkers = [await Talker.enter(house.back, login) for _ in range(sockets)]
    for talker in talkers:
        await talker.ask("join_chat", room="global")
    for listener in listeners:
        await listener.hear("balance")
    began = time.monotonic()
    leaving = asyncio.create_task(asyncio.to_thread(house.back.terminate))
    for listener in listeners:
        await listener.ended(5)
    code = await leaving
    assert (code, time.monotonic() - began < 6) == (0, True), f"code {code} after {time.monotonic() - began:.1f} s"
    assert '"level": "error"' not in house.back.log, house.back.log
    assert all(listener.clean_end for listener in listeners), "a stream broke off"
    assert all(listener.blocks[-1].startswith("retry: ") for listener in listeners)
    assert len({listener.retries[-1] for listener in listeners}) > streams // 10, "they all come back at once"
    for talker in talkers:
        with pytest.raises(ConnectionClosed) as closed:
            await talker.wait_for(lambda frame: False)
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 1012
    answers = [await guest.spin() for _ in range(3)]
    for listener in listeners[:: max(1, streams // 20)]:
        back = await listen(house.front, "wallet", "big_wins", token=guest.token, last=listener.last_id)
        await back.events(3)
        assert [data["balance"] for data in back.heard("balance")] == [answer["balance"] for answer in answers]
        back.close()


@pytest.mark.slow
async def test_servers_are_restarted_one_after_the_other_under_load(
    postgres_url: str, redis_url: str, server: Start, free_port: int
) -> None:
    """No request that was taken fails, no event is missed."""
    env = shared(postgres_url, redis_url)
    house = House([server(**env), server(IMPERIO_PORT=str(free_port), **env)], postgres_url)
    guests = [await house.sign_up() for _ in range(3)]
    followers = await open_followers(guests, house.entrances)
    load = Load(guests, house.entrances, pause=0.05)
    async with load.running():
        await asyncio.sleep(0.5)
        assert await asyncio.to_thread(house.back.terminate) == 0
        house.entrances[1] = await asyncio.to_thread(lambda: server(IMPERIO_PORT=str(free_port), **env))
        await asyncio.sleep(0.5)
    # Nobody listens while the one is away: that is said at once, and the other takes the request.
    assert set(load.statuses) <= {201, "ConnectError"}, load.statuses
    for guest, follower in zip(guests, followers, strict=True):
        await check_rounds(guest, load.acknowledged[guest.id])
        await everything_told(guest, follower)
    await asyncio.sleep(0.5)
    for guest, follower in zip(guests, followers, strict=True):
        await check_told(guest, follower)
        assert follower.heard("resync") == []
        await follower.close()
    await reconcile(house)
