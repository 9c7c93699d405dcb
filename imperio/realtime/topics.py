"""Topics as clients name them, and as the bus knows them."""

from dataclasses import dataclass

METRICS = frozenset({"coins", "net_profit", "total_wins"})
TIMEFRAMES = frozenset({"daily", "weekly", "all_time"})
ROWS = frozenset({"10", "25", "100"})
PUBLIC = frozenset({"big_wins", "announcements", "lobby"})
PRIVATE = frozenset({"notifications", "wallet"})


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of a stream: `asked` by the client, `name` on the bus, `family` and `args` for its snapshot."""

    asked: str
    name: str
    family: str
    args: tuple[str, ...] = ()

    @property
    def private(self) -> bool:
        return self.family in PRIVATE


def is_private(text: str) -> bool:
    """Whether this is a topic that only its owner may hear."""
    return text in PRIVATE


def find_topic(text: str, player_id: str | None = None) -> Topic | None:
    """The topic a client means; None when there is no such topic (or it is private and nobody is logged in)."""
    if text in PUBLIC:
        return Topic(text, text, text)
    if text in PRIVATE:
        return None if player_id is None else Topic(text, f"{text}:{player_id}", text, (player_id,))
    family, *args = text.split(":")
    if family == "leaderboard" and len(args) == 2:
        args.append("100")
    if family == "leaderboard" and len(args) == 3:
        metric, timeframe, rows = args
        if metric in METRICS and timeframe in TIMEFRAMES and rows in ROWS:
            return Topic(text, ":".join((family, *args)), family, (metric, timeframe, rows))
    return None
