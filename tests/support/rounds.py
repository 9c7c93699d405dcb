"""Rounds with chosen results, settled through the casino's own postings."""

from typing import Any

from imperio.app import Casino
from imperio.core.ids import new_id
from imperio.games.rounds import ROUND_READING, answer, take_stake
from imperio.wallet.posting import Posting


async def settle(casino: Casino, player_id: int, game: str, stake: int, payout: int) -> dict[str, Any]:
    """One round as every game settles it, without its cards and reels. Answers `{round, balance, unlocked}`."""

    def build(posting: Posting) -> dict[str, Any]:
        round_id = new_id()
        take_stake(posting, game=game, stake=stake, round_id=round_id)
        unlocked = casino.rounds.settle(posting, round_id=round_id, game=game, stake=stake, payout=payout)
        return answer({"id": round_id}, posting, unlocked)

    posted = await casino.ledgers.post(player_id, build, reading=ROUND_READING, parameters={"game": game})
    return posted.body


async def set_books(casino: Casino, player_id: int, **values: Any) -> None:
    """Puts counters of the books where a long history would have brought them."""
    names = ", ".join(f"{name} = :{name}" for name in values)
    await casino.db.execute(f"UPDATE books SET {names} WHERE player_id = :player_id", player_id=player_id, **values)
