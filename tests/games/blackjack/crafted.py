"""Rounds made to order: server seeds found by search, planted in a player's books."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, Final

from quart.typing import TestClientProtocol

from imperio.app import Casino
from imperio.fairness.stream import FairStream, commitment
from imperio.games.blackjack import engine
from imperio.wallet.posting import Posting
from tests.support.players import Player

CLIENT_SEED: Final = "crafted"
_MOST: Final = 4000

Wanted = Callable[[engine.Game], bool]


def server_seed(number: int) -> str:
    return hashlib.sha256(f"crafted {number}".encode()).hexdigest()


@cache
def shoe(number: int) -> engine.Shoe:
    return engine.shuffle(FairStream(server_seed(number), CLIENT_SEED, 0))


def find(wanted: Wanted, *, after: Sequence[str] = (), stake: int = 20) -> int:
    """The first seed whose round, after these actions, is as wanted."""
    for number in range(_MOST):
        try:
            game = engine.replay(shoe(number), stake, after)
        except engine.IllegalAction:
            continue
        if wanted(game):
            return number
    raise AssertionError(f"none of {_MOST} seeds leads there")


def up(game: engine.Game) -> int:
    """The value of the dealer's up card, an ace as 1."""
    return engine.CARD_VALUE[game.dealer[0]]


async def plant(casino: Casino, player: Player, number: int) -> str:
    """Makes the player's next round the one of this seed; answers the server seed."""
    seed = server_seed(number)
    changed = await casino.db.execute(
        "UPDATE seed_pairs SET server_seed = :seed, server_seed_hash = :hash, client_seed = :client"
        " WHERE id = (SELECT seed_pair_id FROM books WHERE player_id = :player_id AND nonce = 0)",
        seed=seed,
        hash=commitment(seed),
        client=CLIENT_SEED,
        player_id=player.id,
    )
    assert changed == 1, "a seed can be planted before the player's first round"
    return seed


async def set_balance(casino: Casino, player: Player, coins: int) -> None:
    """Brings the balance to so many coins, through the ledger."""

    def build(posting: Posting) -> dict[str, Any]:
        difference = coins - posting.balance
        if difference > 0:
            posting.credit("adjustment", difference, "test")
        elif difference < 0:
            posting.debit("adjustment", -difference, "test")
        return {}

    await casino.ledgers.post(player.id, build)


async def deal(client: TestClientProtocol, player: Player, stake: int = 20) -> dict[str, Any]:
    """The answer to a deal that is taken."""
    response = await client.post("/api/v1/games/blackjack/rounds", json={"stake": stake}, headers=player.headers)
    assert response.status_code == 201, await response.get_data(as_text=True)
    answer: dict[str, Any] = await response.get_json()
    return answer


async def ask(client: TestClientProtocol, player: Player, round_id: str, action: str, **headers: str) -> Any:
    """The response to an action, whatever it is."""
    return await client.post(
        f"/api/v1/games/blackjack/rounds/{round_id}/actions",
        json={"action": action},
        headers={**player.headers, **headers},
    )


async def act(client: TestClientProtocol, player: Player, round_id: str, actions: Iterable[str]) -> dict[str, Any]:
    """The answer to the last of these actions, all of them taken."""
    answer: dict[str, Any] = {}
    for action in actions:
        response = await ask(client, player, round_id, action)
        assert response.status_code == 200, await response.get_data(as_text=True)
        answer = await response.get_json()
    return answer


async def ledger(casino: Casino, player: Player, round_id: str | None = None) -> list[tuple[str, int]]:
    """Type and amount of the player's ledger lines (of one round, if given), oldest first."""
    only = " AND reference_id = :round_id" if round_id else ""
    rows = await casino.db.fetch(
        f"SELECT type, amount FROM ledger WHERE player_id = :player_id{only} ORDER BY seq",
        player_id=player.id,
        round_id=round_id,
    )
    return [(row["type"], row["amount"]) for row in rows]


async def assert_books_hold(casino: Casino, player: Player) -> int:
    """The ledger has no hole and adds up to the balance, which is answered."""
    rows = await casino.db.fetch(
        "SELECT seq, amount, balance_before, balance_after FROM ledger WHERE player_id = :id ORDER BY seq", id=player.id
    )
    running = 0
    for number, row in enumerate(rows, 1):
        assert row["seq"] == number and row["balance_before"] == running
        running += row["amount"]
        assert row["balance_after"] == running
    books = await casino.db.fetch_one("SELECT balance, at_stake FROM books WHERE player_id = :id", id=player.id)
    assert books is not None and books["balance"] == running
    return running
