"""Many at once: nothing is spent twice, nothing is lost, and the number of successes is what it must be."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

from quart.typing import TestClientProtocol

from imperio.app import Casino
from imperio.wallet.posting import InsufficientFunds, Posted
from tests.support.play import another_worker, play
from tests.support.players import Player

MakePlayer = Callable[..., Awaitable[Player]]


async def test_exactly_as_many_stakes_as_there_are_coins_for(casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    workers = [another_worker(casino) for _ in range(8)]
    results = await asyncio.gather(
        *(play(casino, someone.id, 90, 0, rounds=workers[number % 8]) for number in range(64)), return_exceptions=True
    )
    kinds = Counter(type(result) for result in results)
    assert kinds == {Posted: 11, InsufficientFunds: 53}
    books = await casino.db.fetch_one("SELECT balance, nonce, rounds FROM books WHERE player_id = :id", id=someone.id)
    # A refused stake uses no nonce.
    assert books == {"balance": 10, "nonce": 11, "rounds": 11}
    assert not (await casino.reconciler.run()).findings


async def test_balance_and_ledger_agree_at_every_instant(casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    sql = (
        "SELECT balance, (SELECT sum(amount) FROM ledger l WHERE l.player_id = b.player_id) AS ledger"
        " FROM books b WHERE player_id = :id"
    )
    done = asyncio.Event()
    seen: set[int] = set()

    async def watch() -> None:
        while not done.is_set():
            row = await casino.db.fetch_one(sql, id=someone.id)
            assert row is not None and row["balance"] == row["ledger"]
            seen.add(row["balance"])

    async def move(worker: int) -> None:
        rounds = another_worker(casino)
        for number in range(10):
            await play(casino, someone.id, 7, (0, 3, 20)[(number + worker) % 3], rounds=rounds)

    watchers = [asyncio.create_task(watch()) for _ in range(3)]
    await asyncio.gather(*(move(worker) for worker in range(4)))
    done.set()
    await asyncio.gather(*watchers)
    # The readers saw it move, not only the beginning and the end.
    assert len(seen) > 5
    assert not (await casino.reconciler.run()).findings


async def test_one_key_a_hundred_times_at_once(client: TestClientProtocol, casino: Casino, player: MakePlayer) -> None:
    someone = await player()
    headers = {**someone.headers, "Idempotency-Key": "the same"}

    async def spin() -> tuple[int, bytes, str | None]:
        response = await client.post("/api/v1/games/slots/spins", json={"stake": 10}, headers=headers)
        replayed = response.headers.get("Idempotency-Replayed")
        return response.status_code, await response.get_data(as_text=False), replayed

    answers = await asyncio.gather(*(spin() for _ in range(100)))
    assert {(status, body) for status, body, _ in answers} == {(201, answers[0][1])}
    assert Counter(replayed for *_, replayed in answers) == {None: 1, "true": 99}
    assert await casino.db.fetch_one("SELECT count(*) AS n FROM rounds") == {"n": 1}

    other = await client.post("/api/v1/games/slots/spins", json={"stake": 11}, headers=headers)
    assert other.status_code == 422
    assert (await other.get_json())["code"] == "idempotency_conflict"
    elsewhere = await client.post("/api/v1/bonus/daily", headers=headers)
    assert elsewhere.status_code == 422
    assert await casino.db.fetch_one("SELECT count(*) AS n FROM rounds") == {"n": 1}


async def test_a_key_is_the_players_own(client: TestClientProtocol, casino: Casino, player: MakePlayer) -> None:
    for someone in (await player(), await player()):
        headers = {**someone.headers, "Idempotency-Key": "k"}
        response = await client.post("/api/v1/games/slots/spins", json={"stake": 10}, headers=headers)
        assert response.status_code == 201 and "Idempotency-Replayed" not in response.headers
    assert await casino.db.fetch_one("SELECT count(*) AS n FROM rounds") == {"n": 2}


async def test_a_refused_request_leaves_its_key_unused(client: TestClientProtocol, player: MakePlayer) -> None:
    someone = await player()
    headers = {**someone.headers, "Idempotency-Key": "k"}
    refused = await client.post("/api/v1/bonus/refill", headers=headers)
    assert refused.status_code == 409
    taken = await client.post("/api/v1/bonus/daily", headers=headers)
    assert taken.status_code == 201


async def test_the_bonus_once_however_often_at_once(
    client: TestClientProtocol, casino: Casino, player: MakePlayer
) -> None:
    someone = await player()
    responses = await asyncio.gather(*(client.post("/api/v1/bonus/daily", headers=someone.headers) for _ in range(10)))
    assert Counter(response.status_code for response in responses) == {201: 1, 409: 9}
    assert await casino.wallet.get_balance(someone.id) == 1100
