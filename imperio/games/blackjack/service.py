"""Blackjack for one player: a round that stays open between requests.

The database keeps seeds, stake and decisions; the cards follow from them each time. So the hole card and the
shoe are nowhere to be leaked from, and a round survives everything the database survives.
"""

from collections.abc import Callable
from typing import Any, Final

from ...core.errors import AppError, InvalidRequest
from ...core.ids import new_id
from ...core.jsonio import loads
from ...fairness.seeds import Draw, RoundOpen, reserve
from ...wallet.limits import permit_stake, stake_room
from ...wallet.posting import Idempotency, InsufficientFunds, Ledgers, Posted, Posting, Reading
from ..rounds import (
    ROUND_READING,
    TITLES,
    RoundNotFound,
    Rounds,
    Unlocked,
    answer,
    round_row,
    round_view,
    take_stake,
)
from . import engine

GAME: Final = "blackjack"

# The open round, read with the books: columns named open_….
_OPEN_COLUMNS: Final = (
    *("id", "game", "status", "stake", "payout", "decisions", "rules", "table_round_id", "created_at", "settled_at"),
    *("seed_pair_id", "server_seed_hash", "client_seed", "nonce"),
)
_OPEN_ROUND: Final = Reading(
    columns="".join(f", o.{name} AS open_{name}" for name in _OPEN_COLUMNS),
    joins=" LEFT JOIN rounds o ON o.player_id = b.player_id AND o.game = 'blackjack' AND o.status = 'open'"
    " AND o.table_round_id IS NULL",
)
_READING: Final = ROUND_READING + _OPEN_ROUND


class InvalidStake(InvalidRequest):
    code = "invalid_bet"
    title = "That stake is not taken"


class IllegalAction(AppError):
    status = 409
    code = "illegal_action"
    title = "That cannot be done now"


def check_stake(stake: int) -> None:
    """Raises `InvalidStake`."""
    if not engine.MIN_STAKE <= stake <= engine.MAX_STAKE:
        message = f"A stake is {engine.MIN_STAKE} to {engine.MAX_STAKE:,} coins."
        raise InvalidStake(message, errors=[{"field": "stake", "message": message}])


class Blackjack:
    def __init__(self, ledgers: Ledgers, rounds: Rounds) -> None:
        self._ledgers = ledgers
        self._rounds = rounds

    async def start(
        self, *, player_id: int, session_id: str | None, stake: int, idempotency: Idempotency | None = None
    ) -> Posted:
        """Deals a round. Raises `InvalidStake`, `RoundOpen`, or what forbids the stake."""
        check_stake(stake)

        def build(posting: Posting) -> dict[str, Any]:
            if posting.row["open_id"] is not None:
                raise RoundOpen("Finish the round you have first.")
            round_id = new_id()
            take_stake(posting, game=GAME, stake=stake, round_id=round_id)
            fair = reserve(posting)
            game = engine.start(engine.shuffle(fair.stream()), stake)
            posting.books.at_stake += stake
            dealt = {"action": "deal", "by": "player", "stake": stake}
            return self._after(posting, game, round_id, fair, [dealt], first=True)

        return await self._post(player_id, session_id, build, idempotency, status=201)

    async def act(
        self,
        *,
        player_id: int,
        session_id: str | None,
        round_id: str,
        action: str,
        idempotency: Idempotency | None = None,
    ) -> Posted:
        """One decision. Raises `RoundNotFound`, `IllegalAction` (also in a round that is over), or `InsufficientFunds`
        if only coins are missing.
        """

        def build(posting: Posting) -> dict[str, Any]:
            row = posting.row
            if row["open_id"] != round_id:
                raise RoundNotFound
            decisions = loads(row["open_decisions"])
            game = _replayed(_draw_of(row), decisions)
            if action not in game.legal_actions():
                raise IllegalAction(f"{action} is not possible now.")
            extra = game.extra_stake(action)
            if extra:
                permit_stake(posting, extra)
                if extra > posting.balance:
                    raise InsufficientFunds(f"{action} takes {extra} more coins; the balance is {posting.balance}.")
                posting.debit("bet", extra, f"{TITLES[GAME]}: {action}", game=GAME, reference_id=round_id)
                posting.books.at_stake += extra
            game.act(action)
            decisions.append({"action": action, "by": "player"})
            return self._after(posting, game, round_id, _draw_of(row), decisions, first=False)

        try:
            return await self._post(player_id, session_id, build, idempotency)
        except RoundNotFound:
            round_ = await self._rounds.get_round(round_id, player_id)  # raises for what is nobody's or another's
            if round_["game"] != GAME or round_["table_round_id"] is not None:
                raise
            raise IllegalAction("This round is over.") from None

    async def get_current(self, player_id: int, session_id: str | None) -> dict[str, Any]:
        """The open round as its player may see it. Raises `RoundNotFound`."""
        posting = await self._ledgers.look(
            player_id, reading=_READING, parameters={"game": GAME}, session_id=session_id
        )
        row = posting.row
        if row["open_id"] is None:
            raise RoundNotFound("There is no open round.")
        game = _replayed(_draw_of(row), loads(row["open_decisions"]))
        opened = {name: row[f"open_{name}"] for name in _OPEN_COLUMNS}
        # What may be done and paid for follows from this moment, not from that of the last decision.
        return {**round_view({**opened, "outcome": None}), "outcome": game.public_view(balance=stake_room(posting))}

    async def as_of_now(self, round_: dict[str, Any], player_id: int, session_id: str | None) -> dict[str, Any]:
        """The player's round as it was read, or, if it is open, with what may be done in it now."""
        if round_["status"] != "open" or round_["game"] != GAME or round_["table_round_id"] is not None:
            return round_
        try:
            current = await self.get_current(player_id, session_id)
        except RoundNotFound:  # settled in this very moment
            return round_
        return current if current["id"] == round_["id"] else round_

    async def _post(
        self,
        player_id: int,
        session_id: str | None,
        build: Callable[[Posting], dict[str, Any]],
        idempotency: Idempotency | None,
        status: int = 200,
    ) -> Posted:
        return await self._ledgers.post(
            player_id,
            build,
            status=status,
            reading=_READING,
            parameters={"game": GAME},
            session_id=session_id,
            idempotency=idempotency,
        )

    def _after(
        self,
        posting: Posting,
        game: engine.Game,
        round_id: str,
        fair: Draw,
        decisions: list[dict[str, Any]],
        *,
        first: bool,
    ) -> dict[str, Any]:
        """Writes where the round stands now: settled and paid, or open and waiting."""
        unlocked: list[Unlocked] = []
        if game.settled:
            posting.books.at_stake -= game.stake
            unlocked = self._rounds.settle(posting, round_id=round_id, game=GAME, stake=game.stake, payout=game.payout)
        view = dict(game.public_view(balance=stake_room(posting)))
        row = round_row(
            round_id,
            posting,
            GAME,
            fair,
            status="settled" if game.settled else "open",
            stake=game.stake,
            payout=game.payout,
            outcome=view,
            decisions=decisions,
        )
        if first:
            posting.insert("rounds", row)
        else:
            row["created_at"] = posting.row["open_created_at"]
            changed = ("status", "stake", "payout", "outcome", "decisions", "settled_at")
            posting.update("rounds", {name: row[name] for name in changed}, {"id": round_id})
        return answer(round_view(row), posting, unlocked)


def _replayed(draw: Draw, decisions: list[dict[str, Any]]) -> engine.Game:
    """The game as it stands after these decisions; the first of them is the deal."""
    shoe = engine.shuffle(draw.stream())
    return engine.replay(shoe, decisions[0]["stake"], [decision["action"] for decision in decisions[1:]])


def _draw_of(row: dict[str, Any]) -> Draw:
    """The draw of the open round. Its pair is the current one: rotation waits for the round's end."""
    return Draw(
        row["open_seed_pair_id"],
        row["server_seed"],
        row["open_server_seed_hash"],
        row["open_client_seed"],
        row["open_nonce"],
    )
