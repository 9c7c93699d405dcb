"""The reconciler: recounts every coin from the ledger and the rounds and says what does not agree.

It takes no lock and needs no quiet moment. The ledger is append-only, so the lines up to the `ledger_seq` that a
books row names never change: they are streamed and checked line by line. Everything else is compared inside single
statements, each of which sees one moment of the database. Players are taken in groups of bounded size, so that
memory and statements stay small however long the ledger is.
"""

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from ..core.clock import rfc3339
from ..core.db import Database, Row
from ..fairness.stream import commitment
from ..wallet.ledger import from_row

STALE_AFTER: Final = timedelta(hours=24)
# What one group's statements may have to read; a player with more is a group alone.
_GROUP_WEIGHT: Final = 100_000
_GROUP_PLAYERS: Final = 500
_CHUNK: Final = 2000
# Somebody who overwrote a whole table need not see each row of it.
MAX_FINDINGS: Final = 10_000
_LAST: Final = 2**63 - 1


@dataclass(slots=True)
class Report:
    """What a run found (`kind: text`, one line each) and how much it looked at."""

    findings: list[str] = field(default_factory=list)
    left_off: int = 0
    players: int = 0
    ledger_lines: int = 0
    rounds: int = 0
    seed_pairs: int = 0

    def add(self, kind: str, text: str) -> None:
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(f"{kind}: {text}")
        else:
            self.left_off += 1

    @property
    def checked(self) -> dict[str, int]:
        return {
            "players": self.players,
            "ledger_lines": self.ledger_lines,
            "rounds": self.rounds,
            "seed_pairs": self.seed_pairs,
        }

    def public(self) -> dict[str, Any]:
        """`{ok, findings, left_off, checked: {players, ledger_lines, rounds, seed_pairs}}`"""
        return {
            "ok": not self.findings,
            "findings": self.findings,
            "left_off": self.left_off,
            "checked": self.checked,
        }

    def summary(self) -> str:
        """One line for people."""
        looked = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in self.checked.items())
        found = len(self.findings) + self.left_off
        return f"{looked}: {f'{found:,} findings' if found else 'everything agrees'}"


@dataclass(frozen=True, slots=True)
class _Group:
    """Players with ids above `after` and up to `upto`."""

    after: int
    upto: int

    @property
    def parameters(self) -> dict[str, int]:
        return {"after": self.after, "upto": self.upto}


@dataclass(slots=True)
class _Chain:
    """One player's ledger while it is read: what the books promise, and how far the lines have come."""

    player_id: int
    balance: int
    last_seq: int
    head: str
    days: dict[date, int]
    seq: int = 0
    reached: int = 0
    hash: str = ""
    day: date | None = None
    day_began_with: int = 0

    def take(self, row: Row) -> Iterator[tuple[str, str]]:
        """The next line; what is wrong with it."""
        name = f"transaction {row['id']} of player {self.player_id}"
        if row["seq"] != self.seq + 1:
            yield "ledger_hole", f"{name} is number {row['seq']}, after number {self.seq}"
        if row["balance_before"] != self.reached:
            yield "ledger_chain", f"{name} begins with {row['balance_before']}, the last one ended with {self.reached}"
        if row["balance_after"] != row["balance_before"] + row["amount"]:
            yield "ledger_chain", f"{name} does not add up"
        if not _hash_holds(row, self.hash):
            yield "ledger_hash", f"{name} was changed, or the line before it was taken out"
        today = row["created_at"].date()
        if today != self.day:
            yield from self._close_day()
            self.day, self.day_began_with = today, self.reached
        self.seq, self.reached, self.hash = row["seq"], row["balance_after"], row["row_hash"]

    def end(self) -> Iterator[tuple[str, str]]:
        """After the last line: what does not agree with the books."""
        yield from self._close_day()
        name = f"player {self.player_id}"
        if self.seq != self.last_seq:
            yield "ledger_hole", f"the ledger of {name} ends with number {self.seq}, the books say {self.last_seq}"
        if self.hash != self.head:
            yield "ledger_hash", f"the last line of {name} is not the one the books name"
        if self.reached != self.balance:
            yield "balance", f"{name} has {self.balance} coins, the ledger ends with {self.reached}"

    def _close_day(self) -> Iterator[tuple[str, str]]:
        if self.day is None:
            return
        kept = self.days.get(self.day)
        # A day without a row has the balance of the day before, which is right if that is where it ended.
        if (self.day_began_with if kept is None else kept) != self.reached:
            what = f"player {self.player_id} ended {self.day} with {self.reached}"
            yield "daily_figures", f"{what}, the figures say {kept}"


def _hash_holds(row: Row, head: str) -> bool:
    try:
        return bool(from_row(row).row_hash(head) == row["row_hash"])
    except (ValueError, TypeError):  # what was written into the line cannot even be read
        return False


class Reconciler:
    """Compares what is kept with what it follows from."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._sql = _Statements(postgres=db.dialect == "postgres")

    async def run(self) -> Report:
        """Looks at everything once. Changes nothing."""
        report = Report()
        async for group in self._groups():
            await self._check_ledgers(group, report)
            await self._check_books(group, report)
            await self._check_figures(group, report)
            await self._check_rounds(group, report)
            await self._check_seeds(group, report)
        await self._check_orphans(report)
        await self._check_open_rounds(report)
        return report

    async def _groups(self) -> AsyncIterator[_Group]:
        """All ids there can be, cut so that each group has a bounded number of lines and rounds to read."""
        after = -1
        while True:
            rows = await self._db.fetch(
                "SELECT player_id, rounds + ledger_seq AS weight FROM books WHERE player_id > :after"
                " ORDER BY player_id LIMIT :limit",
                after=after,
                limit=_GROUP_PLAYERS,
            )
            if len(rows) < _GROUP_PLAYERS and sum(row["weight"] for row in rows) <= _GROUP_WEIGHT:
                yield _Group(after, _LAST)
                return
            weight, upto = 0, after
            for row in rows:
                weight += row["weight"]
                if upto > after and weight > _GROUP_WEIGHT:
                    break
                upto = row["player_id"]
            yield _Group(after, upto)
            after = upto

    async def _check_ledgers(self, group: _Group, report: Report) -> None:
        """Every line's number, chain and hash; where it ends; the balance at the end of each day."""
        chains = _chains(await self._db.fetch(self._sql.books_and_days, **group.parameters))
        report.players += len(chains)
        async for row in self._lines(group):
            chain = chains.get(row["player_id"])
            # Lines behind the number that the books named were added since.
            if chain is not None and row["seq"] <= chain.last_seq:
                report.ledger_lines += 1
                _note(report, chain.take(row))
        for chain in chains.values():
            _note(report, chain.end())

    async def _lines(self, group: _Group) -> AsyncIterator[Row]:
        player_id, seq = group.after, _LAST
        while True:
            rows = await self._db.fetch(
                "SELECT * FROM ledger WHERE (player_id, seq) > (:player_id, :seq) AND player_id <= :upto"
                " ORDER BY player_id, seq LIMIT :limit",
                player_id=player_id,
                seq=seq,
                upto=group.upto,
                limit=_CHUNK,
            )
            for row in rows:
                yield row
            if len(rows) < _CHUNK:
                return
            player_id, seq = rows[-1]["player_id"], rows[-1]["seq"]

    async def _check_books(self, group: _Group, report: Report) -> None:
        """The books' counters against ledger and rounds, in one statement."""
        for row in await self._db.fetch(self._sql.books_recounted, **group.parameters):
            report.rounds += int(row["counted_rounds"] or 0)
            for name in _COUNTED:
                kept, counted = row[name], int(row[f"counted_{name}"] or 0)
                if kept != counted:
                    report.add("books", f"player {row['player_id']}: {name} is {kept}, counted {counted}")
            if row["profit"] != row["returned"] - row["staked"]:
                report.add("books", f"player {row['player_id']}: profit is not returned - staked")
            # Rounds settled in the same instant have no order between them that the streak could be told by.
            if not row["least_streak"] <= row["streak"] <= row["most_streak"]:
                counted = row["least_streak"]
                report.add("books", f"player {row['player_id']}: streak is {row['streak']}, counted {counted}")

    async def _check_figures(self, group: _Group, report: Report) -> None:
        """Figures by game and by day against the rounds."""
        for row in await self._db.fetch(self._sql.game_drift, **group.parameters):
            report.add("game_figures", f"player {row['player_id']}, {row['game']}: {_drifts(row, 'player_id', 'game')}")
        for row in await self._db.fetch(self._sql.day_drift, **group.parameters):
            report.add("daily_figures", f"player {row['player_id']}, {row['day']}: {_drifts(row, 'player_id', 'day')}")

    async def _check_rounds(self, group: _Group, report: Report) -> None:
        """Each round's stake and payout against its ledger lines, and lines that name no round."""
        for row in await self._db.fetch(self._sql.round_drift, **group.parameters):
            name = f"round {row['id']} of player {row['player_id']}" if row["id"] else f"player {row['player_id']}"
            report.add("rounds", f"{name}: {_drifts(row, 'player_id', 'id', 'game')}")

    async def _check_seeds(self, group: _Group, report: Report) -> None:
        """Nonces 0, 1, 2 … without a gap for each pair of a player; seeds that are what was promised."""
        for row in await self._db.fetch(self._sql.pairs, **group.parameters):
            report.seed_pairs += 1
            name = f"pair {row['id']} of player {row['player_id']}"
            used, expected = row["used"], _expected_nonces(row)
            if used != expected or (used and (row["lowest"] != 0 or row["highest"] != used - 1)):
                report.add("nonces", f"{name}: {used} rounds up to nonce {row['highest']}, expected {expected}")
            if commitment(row["server_seed"]) != row["server_seed_hash"]:
                report.add("seeds", f"{name}: the seed is not the one whose hash was shown")
            if row["other_seeds"]:
                report.add("seeds", f"{name}: {row['other_seeds']} rounds show another hash or client seed")

    async def _check_orphans(self, report: Report) -> None:
        """Players without books, and lines and rounds of nobody."""
        owners = {"user": "id AS owner FROM users", "ledger": "player_id FROM ledger", "round": "player_id FROM rounds"}
        for what, source in owners.items():
            for row in await self._db.fetch(f"SELECT {source} EXCEPT SELECT player_id FROM books"):
                (owner,) = row.values()
                report.add("no_books", f"player {owner} of a {what} has no books")

    async def _check_open_rounds(self, report: Report) -> None:
        """Rounds that nobody will finish any more."""
        before = await self._db.now() - STALE_AFTER
        rows = await self._db.fetch(
            "SELECT id, player_id, game, created_at FROM rounds WHERE status = 'open' AND created_at < :before"
            " ORDER BY id LIMIT :limit",
            before=before,
            limit=_CHUNK,
        )
        for row in rows:
            name = f"{row['game']} round {row['id']} of player {row['player_id']}"
            report.add("open_round", f"{name} is open since {rfc3339(row['created_at'])}")


def _chains(rows: Iterable[Row]) -> dict[int, _Chain]:
    """A chain for each player from rows of books joined with their days."""
    chains: dict[int, _Chain] = {}
    for row in rows:
        chain = chains.get(row["player_id"])
        if chain is None:
            chain = _Chain(row["player_id"], row["balance"], row["ledger_seq"], row["ledger_head"], {})
            chains[row["player_id"]] = chain
        if row["day"] is not None:
            chain.days[row["day"]] = row["day_balance"]
    return chains


def _note(report: Report, problems: Iterable[tuple[str, str]]) -> None:
    for kind, text in problems:
        report.add(kind, text)


def _drifts(row: Row, *keys: str) -> str:
    """What differs, as `name +3, other -1`: kept minus counted."""
    return ", ".join(f"{name} {int(value):+d}" for name, value in row.items() if name not in keys and value)


def _expected_nonces(row: Row) -> int:
    """How many rounds a player's pair must have: up to the books' nonce, up to the last one when it was revealed."""
    if row["is_current"]:
        return int(row["next_nonce"])
    if row["revealed_at"] is not None and row["last_nonce"] is not None:
        return int(row["last_nonce"]) + 1
    return 0


# Counters of the books that are compared with `counted_…` of the statement below.
_COUNTED: Final = (
    "balance",
    "ledger_seq",
    "at_stake",
    "rounds",
    "wins",
    "staked",
    "returned",
    "best_win",
    "best_payout",
    "best_stake",
    "day_rounds",
    "day_wins",
    "day_profit",
    "day_coins",
    "week_rounds",
    "week_wins",
    "week_profit",
    "week_coins",
)
_RANGE: Final = "player_id > :after AND player_id <= :upto"


class _Statements:
    """The statements, which differ between the engines only in how a day is computed."""

    def __init__(self, *, postgres: bool) -> None:
        self._postgres = postgres
        self.books_and_days = (
            "SELECT b.player_id, b.balance, b.ledger_seq, b.ledger_head, d.day, d.balance AS day_balance"
            " FROM books b LEFT JOIN daily_figures d ON d.player_id = b.player_id"
            " WHERE b.player_id > :after AND b.player_id <= :upto"
        )
        self.books_recounted = self._books_recounted()
        self.game_drift = (
            "SELECT player_id, game, sum(rounds) AS rounds, sum(wins) AS wins, sum(staked) AS staked,"
            " sum(returned) AS returned, sum(best_win) AS best_win FROM ("
            f"SELECT player_id, game, rounds, wins, staked, returned, best_win FROM game_figures WHERE {_RANGE}"
            " UNION ALL SELECT player_id, game, -count(*), -sum(CASE WHEN payout > stake THEN 1 ELSE 0 END),"
            " -sum(stake), -sum(payout), -max(CASE WHEN payout > stake THEN payout - stake ELSE 0 END)"
            f" FROM rounds WHERE status = 'settled' AND {_RANGE} GROUP BY player_id, game"
            ") kept_and_counted GROUP BY player_id, game"
            " HAVING sum(rounds) <> 0 OR sum(wins) <> 0 OR sum(staked) <> 0 OR sum(returned) <> 0 OR sum(best_win) <> 0"
        )
        day = "(settled_at AT TIME ZONE 'UTC')::date" if postgres else "substr(settled_at, 1, 10)"
        self.day_drift = (
            "SELECT player_id, day, sum(rounds) AS rounds, sum(net_profit) AS net_profit FROM ("
            f"SELECT player_id, day, rounds, net_profit FROM daily_figures WHERE {_RANGE}"
            f" UNION ALL SELECT player_id, {day}, -count(*), -sum(payout - stake)"
            f" FROM rounds WHERE status = 'settled' AND {_RANGE} GROUP BY player_id, {day}"
            ") kept_and_counted GROUP BY player_id, day HAVING sum(rounds) <> 0 OR sum(net_profit) <> 0"
        )
        self.round_drift = (
            "SELECT player_id, id, game, sum(stake) AS stake, sum(payout) AS payout FROM ("
            # A void round gives its stake back; an open one has given nothing yet.
            "SELECT player_id, id, game, stake,"
            " CASE status WHEN 'settled' THEN payout WHEN 'void' THEN stake ELSE 0 END AS payout"
            f" FROM rounds WHERE {_RANGE}"
            " UNION ALL SELECT player_id, coalesce(reference_id, ''), game,"
            " CASE WHEN type = 'bet' THEN amount ELSE 0 END, CASE WHEN type = 'bet' THEN 0 ELSE -amount END"
            f" FROM ledger WHERE type IN ('bet', 'win', 'refund') AND {_RANGE}"
            ") kept_and_counted GROUP BY player_id, id, game HAVING sum(stake) <> 0 OR sum(payout) <> 0"
        )
        self.pairs = (
            "SELECT p.id, p.player_id, p.server_seed, p.server_seed_hash, p.last_nonce, p.revealed_at,"
            " p.id = b.seed_pair_id AS is_current, b.nonce AS next_nonce, count(r.id) AS used,"
            " min(r.nonce) AS lowest, max(r.nonce) AS highest,"
            " sum(CASE WHEN r.server_seed_hash <> p.server_seed_hash OR r.client_seed <> p.client_seed"
            " THEN 1 ELSE 0 END) AS other_seeds"
            " FROM seed_pairs p JOIN books b ON b.player_id = p.player_id LEFT JOIN rounds r ON r.seed_pair_id = p.id"
            " WHERE p.player_id > :after AND p.player_id <= :upto"
            " GROUP BY p.id, p.player_id, p.server_seed, p.server_seed_hash, p.last_nonce, p.revealed_at,"
            " b.seed_pair_id, b.nonce"
        )

    def _books_recounted(self) -> str:
        """Every counter of the books beside what it must be, as of one moment."""
        day, week = self._within("b.day", 1), self._within("b.week", 7)
        settled, gained = "r.status = 'settled'", "r.payout > r.stake"
        counted = {
            "rounds": f"sum(CASE WHEN {settled} THEN 1 ELSE 0 END)",
            "wins": f"sum(CASE WHEN {settled} AND {gained} THEN 1 ELSE 0 END)",
            "staked": f"sum(CASE WHEN {settled} THEN r.stake ELSE 0 END)",
            "returned": f"sum(CASE WHEN {settled} THEN r.payout ELSE 0 END)",
            "best_win": f"max(CASE WHEN {settled} AND {gained} THEN r.payout - r.stake ELSE 0 END)",
            "best_payout": f"max(CASE WHEN {settled} THEN r.payout ELSE 0 END)",
            "best_stake": f"max(CASE WHEN {settled} THEN r.stake ELSE 0 END)",
            "at_stake": "sum(CASE WHEN r.status = 'open' THEN r.stake ELSE 0 END)",
            "last_loss_at": f"max(CASE WHEN {settled} AND r.payout < r.stake THEN r.settled_at END)",
        }
        for window, within in (("day", day), ("week", week)):
            inside = f"{settled} AND {within.format('r.settled_at')}"
            counted[f"{window}_rounds"] = f"sum(CASE WHEN {inside} THEN 1 ELSE 0 END)"
            counted[f"{window}_wins"] = f"sum(CASE WHEN {inside} AND {gained} THEN 1 ELSE 0 END)"
            counted[f"{window}_profit"] = f"sum(CASE WHEN {inside} THEN r.payout - r.stake ELSE 0 END)"
        lines = {"balance": "sum(l.amount)", "ledger_seq": "count(*)"}
        for window, within in (("day", day), ("week", week)):
            # The sign-up grant, always the first line, is no change of a window's balance.
            inside = f"l.seq > 1 AND {within.format('l.created_at')}"
            lines[f"{window}_coins"] = f"sum(CASE WHEN {inside} THEN l.amount ELSE 0 END)"
        where = "WHERE b.player_id > :after AND b.player_id <= :upto"
        kept = ", ".join(f"b.{name}" for name in ("player_id", "profit", "streak", *_COUNTED))
        beside = ", ".join(f"{'x' if name in lines else 'c'}.{name} AS counted_{name}" for name in _COUNTED)
        return (
            f"WITH c AS (SELECT b.player_id, {_named(counted)} FROM books b JOIN rounds r ON r.player_id = b.player_id"
            f" {where} GROUP BY b.player_id),"
            f" x AS (SELECT b.player_id, {_named(lines)} FROM books b JOIN ledger l ON l.player_id = b.player_id"
            f" {where} GROUP BY b.player_id)"
            f" SELECT {kept}, {beside}, {_wins_since('>')} AS least_streak, {_wins_since('>=')} AS most_streak"
            " FROM books b LEFT JOIN c ON c.player_id = b.player_id LEFT JOIN x ON x.player_id = b.player_id"
            f" {where}"
        )

    def _within(self, first: str, days: int) -> str:
        """A condition with `{0}` for the time: it lies in the `days` days from the date `first`, in UTC."""
        if self._postgres:  # the connections' time zone is UTC
            return f"{{0}} >= {first} AND {{0}} < {first} + {days}"
        return f"{{0}} >= {first} AND {{0}} < date({first}, '+{days} days')"


def _named(expressions: dict[str, str]) -> str:
    return ", ".join(f"{expression} AS {name}" for name, expression in expressions.items())


def _wins_since(than: str) -> str:
    """How many rounds with a net gain came after the last loss."""
    # '-infinity' is before every time on PostgreSQL, and as text before every year on SQLite.
    return (
        "(SELECT count(*) FROM rounds w WHERE w.player_id = b.player_id AND w.status = 'settled' AND w.payout > w.stake"
        f" AND w.settled_at {than} coalesce(c.last_loss_at, '-infinity'))"
    )
