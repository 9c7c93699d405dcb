"""Rounds whose result the test decides, and a database clock that stands where the test puts it."""

from datetime import datetime
from typing import Any

import pytest

from imperio.app import Casino
from imperio.core.db import Connection
from imperio.games.rounds import Game, Result, Rounds
from imperio.wallet.posting import Ledgers, Posted


class Silent:
    """A relay for postings that nobody hears of."""

    def told(self, outbox_id: str, messages: Any) -> None:
        return None


def another_worker(casino: Casino) -> Rounds:
    """Rounds as another process has them: they meet this one's only in the database."""
    return Rounds(casino.db, Ledgers(casino.db, Silent()), [])


async def play(
    casino: Casino, player_id: int, stake: int, payout: int, *, game: Game = "slots", rounds: Rounds | None = None
) -> Posted:
    """One real round (stake, nonce, ledger, figures) that pays `payout`.

    Without listeners, so that no achievement's reward is in the balance; give `rounds=casino.rounds` for them.
    """
    outcomes: dict[str, dict[str, Any]] = {
        "slots": {"stops": [0, 0, 0], "symbols": ["lemon", "banana", "lemon"], "multiplier": 0},
        "roulette": {"pocket": 7, "colour": "red", "bets": []},
        "blackjack": {"hands": []},
    }
    return await (rounds or another_worker(casino)).play(
        player_id=player_id, session_id=None, game=game, stake=stake, draw=lambda stream: Result(outcomes[game], payout)
    )


def stop_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """From now on the database's clock says `moment` (with its offset) to everything that asks it."""
    text = moment.isoformat(" ", "microseconds")

    def now_sql(connection: Connection) -> str:
        return f"timestamptz '{text}'" if connection.dialect == "postgres" else f"'{text}'"

    monkeypatch.setattr(Connection, "now_sql", property(now_sql))
