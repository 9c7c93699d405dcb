"""Random and hostile play against a small model, over HTTP: what is refused changes nothing, what is answered is so."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from quart.typing import TestClientProtocol

from imperio.app import Casino
from tests.support.players import Player

MakePlayer = Callable[..., Awaitable[Player]]

ACTIONS: Final = ("hit", "stand", "double", "split", "insurance", "decline_insurance", "surrender")
SLOTS_STAKES: Final = range(1, 501)
BLACKJACK_STAKES: Final = range(2, 2001)


@dataclass
class Model:
    """What the player must have, by adding up what was answered."""

    balance: int = 1000
    open_round: dict[str, Any] | None = None
    at_stake: int = 0
    settled: list[dict[str, Any]] = field(default_factory=list)
    claimed: bool = False
    refilled: bool = False

    def take_round(self, answer: dict[str, Any], staked_before: int) -> None:
        """A round as it was answered: new or going on, still open or settled by now."""
        round_ = answer["round"]
        assert round_["net"] == round_["payout"] - round_["stake"]
        self.balance -= round_["stake"] - staked_before
        if round_["status"] == "settled":
            self.balance += round_["payout"]
            self.settled.append(round_)
            self.open_round, self.at_stake = None, 0
        else:
            self.open_round, self.at_stake = round_, round_["stake"]
        self.balance += sum(gained["reward_coins"] for gained in answer["unlocked"])
        assert answer["balance"] == self.balance

    def statistics(self) -> dict[str, Any]:
        wins = [round_ for round_ in self.settled if round_["net"] > 0]
        return {
            "bets_count": len(self.settled),
            "bets_amount": sum(round_["stake"] for round_ in self.settled),
            "wins_count": len(wins),
            "wins_amount": sum(round_["payout"] for round_ in self.settled),
            "net_profit": sum(round_["net"] for round_ in self.settled),
            "best_win": max((round_["net"] for round_ in wins), default=0),
            "balance": self.balance,
        }


class Session:
    """One player over HTTP with their model beside them."""

    def __init__(self, client: TestClientProtocol, player: Player) -> None:
        self._client = client
        self._headers = player.headers
        self._keys = 0
        self.model = Model()

    async def send(self, method: str, path: str, body: bytes | None = None, key: str | None = None) -> tuple[int, Any]:
        headers = {**self._headers, **({"Idempotency-Key": key} if key else {})}
        if body is not None:
            headers["Content-Type"] = "application/json"
        response = await self._client.open(f"/api/v1{path}", method=method, data=body, headers=headers)
        text = await response.get_data(as_text=True)
        assert response.status_code < 500, text
        return response.status_code, json.loads(text) if text else None

    async def post(self, path: str, body: dict[str, Any] | None = None, *, twice: bool = False) -> tuple[int, Any]:
        """Posts; with `twice` a second time under the same key, which must change nothing and say the same."""
        raw = None if body is None else json.dumps(body).encode()
        self._keys += 1
        first = await self.send("POST", path, raw, key=f"key {self._keys}" if twice else None)
        if twice and first[0] < 400:
            assert await self.send("POST", path, raw, key=f"key {self._keys}") == first
        return first

    async def slots(self, stake: int, twice: bool) -> None:
        status, answer = await self.post("/games/slots/spins", {"stake": stake}, twice=twice)
        self._instant(status, answer, stake, stake in SLOTS_STAKES)

    async def roulette(self, amounts: list[int], twice: bool) -> None:
        types = ("red", "dozen_1", "low")
        bets = [{"type": types[place % 3], "amount": amount} for place, amount in enumerate(amounts)]
        status, answer = await self.post("/games/roulette/spins", {"bets": bets}, twice=twice)
        valid = bool(bets) and all(1 <= amount <= 1000 for amount in amounts) and sum(amounts) <= 5000
        self._instant(status, answer, sum(amounts), valid)

    def _instant(self, status: int, answer: Any, stake: int, valid: bool) -> None:
        expected = 422 if not valid else 409 if stake > self.model.balance else 201
        assert status == expected, answer
        if status == 201:
            before, at_stake = self.model.open_round, self.model.at_stake
            self.model.take_round(answer, 0)
            self.model.open_round, self.model.at_stake = before, at_stake
        elif status == 409:
            assert answer["code"] == "insufficient_funds"

    async def deal(self, stake: int, twice: bool) -> None:
        status, answer = await self.post("/games/blackjack/rounds", {"stake": stake}, twice=twice)
        if stake not in BLACKJACK_STAKES:
            assert status == 422
        elif self.model.open_round is not None:
            assert (status, answer["code"]) == (409, "round_open")
        elif stake > self.model.balance:
            assert (status, answer["code"]) == (409, "insufficient_funds")
        else:
            assert status == 201
            self.model.take_round(answer, 0)

    async def act(self, action: str, legal: bool, twice: bool) -> None:
        """An action, by choice one of the legal ones."""
        hand = self.model.open_round
        if hand is None:
            status, answer = await self.post(f"/games/blackjack/rounds/{'0' * 32}/actions", {"action": action})
            assert (status, answer["code"]) == (404, "round_not_found")
            return
        # What can be paid for may have changed since the last answer.
        _, current = await self.send("GET", "/games/blackjack/rounds/current")
        allowed = current["round"]["outcome"]["legal_actions"]
        if legal:
            action = allowed[ACTIONS.index(action) % len(allowed)]
        path = f"/games/blackjack/rounds/{hand['id']}/actions"
        status, answer = await self.post(path, {"action": action}, twice=twice)
        if action in allowed:
            assert status == 200, answer
            self.model.take_round(answer, hand["stake"])
        else:
            assert status == 409 and answer["code"] in ("illegal_action", "insufficient_funds")

    async def rotate(self) -> None:
        status, _ = await self.post("/fairness/rotate", {})
        assert status == (409 if self.model.open_round else 200)

    async def claim(self, twice: bool) -> None:
        status, answer = await self.post("/bonus/daily", twice=twice)
        assert status == (409 if self.model.claimed else 201)
        if status == 201:
            self.model.claimed = True
            self.model.balance += 100
            assert (answer["amount"], answer["balance"]) == (100, self.model.balance)

    async def refill(self) -> None:
        model = self.model
        entitled = model.balance < 10 and model.open_round is None and not model.refilled
        status, answer = await self.post("/bonus/refill")
        assert status == (201 if entitled else 409)
        if entitled:
            model.refilled, model.balance = True, 100
            assert answer["balance"] == 100

    async def hostile(self, path: str, body: bytes) -> None:
        status, answer = await self.send("POST", path, body)
        assert status in (400, 404, 422), (path, body, answer)

    async def check(self) -> None:
        _, wallet = await self.send("GET", "/wallet")
        assert wallet == {"balance": self.model.balance}
        _, statistics = await self.send("GET", "/statistics")
        expected = self.model.statistics()
        assert {name: statistics[name] for name in expected} == expected
        status, current = await self.send("GET", "/games/blackjack/rounds/current")
        if self.model.open_round is None:
            assert status == 404
        else:
            assert current["round"]["id"] == self.model.open_round["id"]
            assert current["round"]["stake"] == self.model.at_stake


ODD_STAKES = st.sampled_from([0, -1, 501, 1000, 2000, 2001, 2**63, 10**30])
STAKE = st.one_of(st.integers(1, 30), st.integers(1, 500), ODD_STAKES)
TWICE = st.booleans()
NONSENSE = st.one_of(
    st.sampled_from(
        [
            b"",
            b"{",
            b"[]",
            b"null",
            b"\xff\xfe",
            b'{"stake": NaN}',
            b'{"stake": 1e400}',
            b'{"stake": 5.0}',
            b'{"stake": "5"}',
            b'{"stake": true}',
            b'{"stake": null}',
            b'{"stake": -0}',
            b'{"stake": 5, "payout": 5000}',
            b'{"stake": 5, "odds": 35}',
            b'{"bets": [{"type": "red", "amount": 5, "odds": 35}]}',
            b'{"bets": [{"type": "split", "numbers": [1, 9], "amount": 5}]}',
            b'{"bets": [{"type": "red", "amount": true}]}',
            b'{"bets": []}',
            b'{"action": "win"}',
            b'{"stake": 9223372036854775808}',
            b"[" * 5000,
        ]
    ),
    st.binary(max_size=40).filter(bool),
)
PATHS = st.sampled_from(
    [
        "/games/slots/spins",
        "/games/roulette/spins",
        "/games/blackjack/rounds",
        "/games/blackjack/rounds/x/actions",
        f"/games/blackjack/rounds/{'f' * 32}/actions",
    ]
)
STEP = st.one_of(
    st.tuples(st.just("slots"), STAKE, TWICE),
    st.tuples(st.just("roulette"), st.lists(STAKE, max_size=4), TWICE),
    st.tuples(st.just("deal"), STAKE, TWICE),
    st.tuples(st.just("act"), st.sampled_from(ACTIONS), st.just(True), TWICE),
    st.tuples(st.just("act"), st.sampled_from(ACTIONS), st.booleans(), TWICE),
    st.tuples(st.just("rotate")),
    st.tuples(st.just("claim"), TWICE),
    st.tuples(st.just("refill")),
    st.tuples(st.just("hostile"), PATHS, NONSENSE),
)
_CHECKS: Final = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
# No shrinking: outcomes are drawn anew each time, so that a shorter evening is another one.
_PHASES: Final = [Phase.explicit, Phase.reuse, Phase.generate]


async def run(steps: list[tuple[Any, ...]], client: TestClientProtocol, casino: Casino, player: MakePlayer) -> None:
    session = Session(client, await player())
    for name, *arguments in steps:
        await getattr(session, name)(*arguments)
        await session.check()
    assert not (await casino.reconciler.run()).findings


@settings(max_examples=8, deadline=None, suppress_health_check=_CHECKS, phases=_PHASES)
@given(steps=st.lists(STEP, min_size=5, max_size=25))
async def test_a_short_evening(
    client: TestClientProtocol, casino: Casino, player: MakePlayer, steps: list[tuple[Any, ...]]
) -> None:
    await run(steps, client, casino, player)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@settings(max_examples=500, deadline=None, suppress_health_check=_CHECKS, phases=_PHASES)
@given(steps=st.lists(STEP, min_size=20, max_size=80))
async def test_long_nights(
    client: TestClientProtocol, casino: Casino, player: MakePlayer, steps: list[tuple[Any, ...]]
) -> None:
    await run(steps, client, casino, player)


async def test_somebody_who_bets_everything(client: TestClientProtocol, casino: Casino, player: MakePlayer) -> None:
    """To the last coin and back: the refill comes when it is due, and only then."""
    session = Session(client, await player())
    for _ in range(200):
        await session.refill()
        if session.model.refilled:
            break
        await session.roulette([min(1000, session.model.balance)], twice=False)
    await session.check()
    assert session.model.refilled or session.model.balance > 0
    assert not (await casino.reconciler.run()).findings
