"""The rules of blackjack, for one player or for a table of up to seven seats with one shoe and one dealer.

A `Table` is a state machine: it deals itself, says whose turn it is and what may be done, and settles itself after
the last decision. The same shoe, stakes and actions always lead to the same state, so a round is stored as its
actions and rebuilt with `replay`. `Game` is the table with one seat.

Cards are rank then suit ("AS", "10H"), stakes and payouts whole coins, a payout includes its stake. No I/O.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, TypeAlias, TypedDict, assert_never, get_args

from imperio.fairness.stream import Source

MIN_STAKE: Final = 2  # half of it is still a coin, for insurance and surrender
MAX_STAKE: Final = 2_000
MAX_SEATS: Final = 7
MAX_HANDS: Final = 4  # a seat may split up to this many
DECKS: Final = 6
HOUSE_EDGE: Final = 0.0033  # of the initial stake, with the strategy of `strategy.py`; a test plays it out

RANKS: Final = ("A", "2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K")
SUITS: Final = ("S", "H", "D", "C")
UNSHUFFLED: Final = tuple(rank + suit for suit in SUITS for rank in RANKS) * DECKS

# An ace is worth 1 here; `hand_value` counts one of them as 11 where that does not bust.
CARD_VALUE: Final = {rank + suit: min(RANKS.index(rank) + 1, 10) for rank in RANKS for suit in SUITS}

Shoe: TypeAlias = tuple[str, ...]
Action: TypeAlias = Literal["hit", "stand", "double", "split", "insurance", "decline_insurance", "surrender"]
Result: TypeAlias = Literal["won", "lost", "push", "natural", "bust", "surrendered"]
Status: TypeAlias = Literal["waiting", "playing", "stood"] | Result

ACTIONS: Final[tuple[Action, ...]] = get_args(Action)


class IllegalAction(ValueError):
    """An action that the rules do not allow now. The state has not changed."""


class NotYourTurn(IllegalAction):
    """An action of a seat that is not the one to decide."""


class HandValue(NamedTuple):
    """The best total of some cards; `soft` if one ace counts 11 in it."""

    total: int
    soft: bool


class Turn(NamedTuple):
    """Who is to decide: a seat and one of its hands, both counted from 0."""

    seat: int
    hand: int


class HandView(TypedDict):
    cards: list[str]
    total: int
    soft: bool
    stake: int
    status: Status
    payout: int


class InsuranceView(TypedDict):
    stake: int
    payout: int


class DealerView(TypedDict):
    cards: list[str]
    total: int


class SeatView(TypedDict):
    hands: list[HandView]
    active_hand: int | None
    legal_actions: list[Action]
    insurance: InsuranceView | None


class GameView(SeatView):
    dealer: DealerView


def shuffle(source: Source) -> Shoe:
    """Six decks, shuffled (Fisher-Yates from the back): 312 cards, dealt from index 0."""
    cards = list(UNSHUFFLED)
    for i in range(len(cards) - 1, 0, -1):
        j = source.below(i + 1)
        cards[i], cards[j] = cards[j], cards[i]
    return tuple(cards)


def hand_value(cards: Sequence[str]) -> HandValue:
    """The best total of the cards: above 21 only if they are bust."""
    total = 0
    has_ace = False
    for card in cards:
        value = CARD_VALUE[card]
        total += value
        has_ace = has_ace or value == 1
    return HandValue(total + 10, True) if has_ace and total <= 11 else HandValue(total, False)


def is_natural(cards: Sequence[str]) -> bool:
    """Whether these are an ace and a ten. (A split hand with such cards is no natural: see `Hand.is_natural`.)"""
    return len(cards) == 2 and hand_value(cards).total == 21


def dealer_draws(cards: Sequence[str]) -> bool:
    """Whether the dealer takes another card: below 17, and stands on every 17, soft ones too."""
    return hand_value(cards).total < 17


@dataclass(slots=True)
class Hand:
    """A hand of a seat. `finished` when no more decisions are due on it, `result` when it is settled."""

    cards: list[str]
    stake: int
    from_split: bool = False
    finished: bool = False
    result: Result | None = None
    payout: int = 0

    @property
    def value(self) -> HandValue:
        return hand_value(self.cards)

    @property
    def is_natural(self) -> bool:
        return not self.from_split and is_natural(self.cards)

    @property
    def is_pair(self) -> bool:
        """Two cards of one value; a ten and a king are a pair."""
        return len(self.cards) == 2 and CARD_VALUE[self.cards[0]] == CARD_VALUE[self.cards[1]]

    def take(self, card: str) -> None:
        """Add a card; the hand ends by itself on 21 and when it is bust."""
        self.cards.append(card)
        total = self.value.total
        self.finished = self.finished or total >= 21
        if total > 21:
            self.result = "bust"

    def settle(self, result: Result) -> None:
        """Close the hand with this result and the payout that belongs to it."""
        self.finished = True
        self.result = result
        self.payout = _payout(self.stake, result)


def _payout(stake: int, result: Result) -> int:
    match result:
        case "won":
            return 2 * stake
        case "natural":
            return stake + 3 * stake // 2
        case "push":
            return stake
        case "surrendered":
            return stake // 2
        case "lost" | "bust":
            return 0
        case _:
            assert_never(result)


@dataclass(slots=True)
class Insurance:
    """A side bet on the dealer's natural, paid 2:1."""

    stake: int
    payout: int = 0


@dataclass(slots=True)
class Seat:
    """One player's part of a round."""

    initial_stake: int
    hands: list[Hand] = field(default_factory=list)
    insurance: Insurance | None = None

    @property
    def stake(self) -> int:
        """All that was staked so far: the hands, doubles and splits included, and the insurance."""
        return sum(hand.stake for hand in self.hands) + (self.insurance.stake if self.insurance else 0)

    @property
    def payout(self) -> int:
        """All that has come back so far."""
        return sum(hand.payout for hand in self.hands) + (self.insurance.payout if self.insurance else 0)


class Table:
    """A round of blackjack with one to seven seats, each with its own stake."""

    def __init__(self, shoe: Sequence[str], stakes: Sequence[int]) -> None:
        """Deal: a card to each seat, the dealer's up card, a second card to each seat, the dealer's hole card.

        Raises ValueError for a number of seats or a stake outside the limits. The round may already be settled
        afterwards (naturals).
        """
        if not 1 <= len(stakes) <= MAX_SEATS:
            raise ValueError(f"a table has 1 to {MAX_SEATS} seats, not {len(stakes)}")
        if not all(MIN_STAKE <= stake <= MAX_STAKE for stake in stakes):
            raise ValueError(f"a stake is {MIN_STAKE} to {MAX_STAKE} coins")
        self._shoe = shoe
        self._dealt = 0
        self.settled = False
        self.turn: Turn | None = None
        self.seats = tuple(Seat(stake, [Hand([], stake)]) for stake in stakes)
        self.dealer: list[str] = []  # the up card, the hole card (hidden until the round is settled), drawn cards
        self._to_insure: list[int] = []  # seats that still have to answer the insurance question, in order
        self._deal()
        self._begin()

    # What may be done ------------------------------------------------------------------------------------------------

    def legal_actions(self, seat: int) -> tuple[Action, ...]:
        """What the rules allow this seat to do now, whether or not it can pay for it; empty if it is not its turn."""
        if self.turn is None or self.turn.seat != seat:
            return ()
        if self._to_insure:
            return ("insurance", "decline_insurance")
        hands = self.seats[seat].hands
        hand = hands[self.turn.hand]
        actions: list[Action] = ["hit", "stand"]
        if len(hand.cards) == 2:
            actions.append("double")
            if hand.is_pair and len(hands) < MAX_HANDS:
                actions.append("split")
            if not hand.from_split:
                actions.append("surrender")
        return tuple(actions)

    def extra_stake(self, seat: int, action: str) -> int:
        """The coins that this action would cost the seat now; 0 for those that cost nothing."""
        if action == "insurance":
            return self.seats[seat].initial_stake // 2
        if action in ("double", "split"):
            # All hands of a seat begin with the same stake, and only a hand that has not been doubled can get here.
            return self.seats[seat].initial_stake
        return 0

    @property
    def default_action(self) -> Action:
        """What is done for a player who does not decide in time."""
        return "decline_insurance" if self._to_insure else "stand"

    # Doing it --------------------------------------------------------------------------------------------------------

    def act(self, seat: int, action: str) -> None:
        """Carry out a decision and everything that follows from it, up to the next one or the end of the round.

        Raises NotYourTurn, or IllegalAction if the rules do not allow it now.
        """
        if self.turn is None:
            raise IllegalAction("The round is over.")
        if self.turn.seat != seat:
            raise NotYourTurn("It is another player's turn.")
        legal = next((known for known in self.legal_actions(seat) if known == action), None)
        if legal is None:
            raise IllegalAction("That is not possible now.")
        if legal == "insurance" or legal == "decline_insurance":
            self._answer_insurance(self.seats[seat], taken=legal == "insurance")
        else:
            self._play(self.seats[seat], self.turn.hand, legal)
            self._next_turn()

    def _play(self, seat: Seat, index: int, action: Literal["hit", "stand", "double", "split", "surrender"]) -> None:
        hand = seat.hands[index]
        match action:
            case "hit":
                hand.take(self._draw())
            case "stand":
                hand.finished = True
            case "double":
                hand.stake *= 2
                hand.take(self._draw())
                hand.finished = True
            case "split":
                self._split(seat, index)
            case "surrender":
                hand.settle("surrendered")
            case _:
                assert_never(action)

    def _split(self, seat: Seat, index: int) -> None:
        """Make two hands of a pair; the new one stands directly after the old one. Both get a card at once."""
        hand = seat.hands[index]
        hand.from_split = True
        new = Hand([hand.cards.pop()], hand.stake, from_split=True)
        seat.hands.insert(index + 1, new)
        aces = CARD_VALUE[hand.cards[0]] == 1
        for half in (hand, new):
            half.take(self._draw())
            half.finished = half.finished or aces

    def _answer_insurance(self, seat: Seat, *, taken: bool) -> None:
        if taken:
            seat.insurance = Insurance(seat.initial_stake // 2)
        self._to_insure.pop(0)
        self._ask_or_peek()

    # The course of a round -------------------------------------------------------------------------------------------

    def _draw(self) -> str:
        card = self._shoe[self._dealt]
        self._dealt += 1
        return card

    def _deal(self) -> None:
        for _ in range(2):
            for seat in self.seats:
                seat.hands[0].cards.append(self._draw())
            self.dealer.append(self._draw())

    def _begin(self) -> None:
        """Naturals need no decision; under an ace the other seats are asked for insurance first."""
        for seat in self.seats:
            seat.hands[0].finished = seat.hands[0].is_natural
        if CARD_VALUE[self.dealer[0]] == 1:
            self._to_insure = [index for index, seat in enumerate(self.seats) if not seat.hands[0].is_natural]
        self._ask_or_peek()

    def _ask_or_peek(self) -> None:
        """Ask the next seat for insurance; when all have answered, the dealer looks at the hole card.

        Until then a natural stays unsettled, because its result would tell the other seats what the hole card is.
        """
        if self._to_insure:
            self.turn = Turn(self._to_insure[0], 0)
        elif is_natural(self.dealer):
            self._settle_dealer_natural()
        else:
            for seat in self.seats:
                if seat.hands[0].is_natural:
                    seat.hands[0].settle("natural")
            self._next_turn()

    def _next_turn(self) -> None:
        """Find the first hand with a decision due; when there is none left the dealer plays."""
        for seat_index, seat in enumerate(self.seats):
            for hand_index, hand in enumerate(seat.hands):
                if not hand.finished:
                    self.turn = Turn(seat_index, hand_index)
                    return
        self._settle_against_dealer()

    def _settle_dealer_natural(self) -> None:
        for seat in self.seats:
            hand = seat.hands[0]
            hand.settle("push" if hand.is_natural else "lost")
            if seat.insurance:
                seat.insurance.payout = 3 * seat.insurance.stake
        self._close()

    def _settle_against_dealer(self) -> None:
        """The dealer draws only if some hand is still in play, then each of those is compared."""
        in_play = [hand for seat in self.seats for hand in seat.hands if hand.result is None]
        while in_play and dealer_draws(self.dealer):
            self.dealer.append(self._draw())
        dealer_total = hand_value(self.dealer).total
        for hand in in_play:
            hand.settle(_compare(hand.value.total, dealer_total))
        self._close()

    def _close(self) -> None:
        self.turn = None
        self.settled = True

    # What the players see --------------------------------------------------------------------------------------------

    def dealer_view(self, *, reveal: bool = False) -> DealerView:
        """The dealer's cards: the up card alone until the round is settled.

        `reveal` shows the hole card of an open round too, and is only for rounds that nobody will play on (void ones).
        """
        cards = self.dealer if self.settled or reveal else self.dealer[:1]
        return {"cards": list(cards), "total": hand_value(cards).total}

    def seat_view(self, seat: int, *, balance: int | None = None) -> SeatView:
        """A seat's hands and what it may do, leaving out what `balance` (if given) does not pay for.

        A hand of an open round is `waiting`, `playing` or `stood`, unless its result is already certain.
        """
        place = self.seats[seat]
        active = self.turn.hand if self.turn and self.turn.seat == seat else None
        return {
            "hands": [self._hand_view(hand, active=index == active) for index, hand in enumerate(place.hands)],
            "active_hand": active,
            "legal_actions": [
                action
                for action in self.legal_actions(seat)
                if balance is None or self.extra_stake(seat, action) <= balance
            ],
            "insurance": (
                {"stake": place.insurance.stake, "payout": place.insurance.payout} if place.insurance else None
            ),
        }

    @staticmethod
    def _hand_view(hand: Hand, *, active: bool) -> HandView:
        value = hand.value
        status: Status = hand.result or ("stood" if hand.finished else "playing" if active else "waiting")
        return {
            "cards": list(hand.cards),
            "total": value.total,
            "soft": value.soft,
            "stake": hand.stake,
            "status": status,
            "payout": hand.payout,
        }


def _compare(total: int, dealer_total: int) -> Result:
    """The result of a hand that is not bust against a dealer who may be."""
    if dealer_total > 21 or total > dealer_total:
        return "won"
    return "push" if total == dealer_total else "lost"


class Game:
    """A round of one player against the dealer: the table with one seat."""

    __slots__ = ("table",)

    def __init__(self, shoe: Sequence[str], stake: int) -> None:
        """Deal. Raises ValueError for a stake outside the limits. The round may already be settled (naturals)."""
        self.table = Table(shoe, [stake])

    @property
    def settled(self) -> bool:
        return self.table.settled

    @property
    def hands(self) -> list[Hand]:
        return self.table.seats[0].hands

    @property
    def insurance(self) -> Insurance | None:
        return self.table.seats[0].insurance

    @property
    def dealer(self) -> list[str]:
        """The dealer's cards, the hole card included: not for the player's eyes while the round is open."""
        return self.table.dealer

    @property
    def stake(self) -> int:
        """All that was staked so far, doubles, splits and insurance included."""
        return self.table.seats[0].stake

    @property
    def payout(self) -> int:
        """All that came back; 0 until the round is settled."""
        return self.table.seats[0].payout

    @property
    def default_action(self) -> Action:
        """What is done for a player who does not decide in time."""
        return self.table.default_action

    def legal_actions(self) -> tuple[Action, ...]:
        """What the rules allow now, whether or not the player can pay for it; empty when settled."""
        return self.table.legal_actions(0)

    def extra_stake(self, action: str) -> int:
        """The coins that this action would cost now; 0 for those that cost nothing."""
        return self.table.extra_stake(0, action)

    def act(self, action: str) -> None:
        """Carry out a decision. Raises IllegalAction, with the state unchanged, if the rules do not allow it now."""
        self.table.act(0, action)

    def public_view(self, *, balance: int | None = None, reveal: bool = False) -> GameView:
        """The `outcome` of the round as its player may see it; see `Table.seat_view` and `Table.dealer_view`."""
        seat = self.table.seat_view(0, balance=balance)
        return {
            "hands": seat["hands"],
            "active_hand": seat["active_hand"],
            "dealer": self.table.dealer_view(reveal=reveal),
            "legal_actions": seat["legal_actions"],
            "insurance": seat["insurance"],
        }


def start(shoe: Sequence[str], stake: int) -> Game:
    """Deal a round for one player."""
    return Game(shoe, stake)


def replay(shoe: Sequence[str], stake: int, actions: Iterable[str]) -> Game:
    """The round after these actions. Raises IllegalAction if they can't have been its actions."""
    game = Game(shoe, stake)
    for action in actions:
        game.act(action)
    return game


def replay_table(shoe: Sequence[str], stakes: Sequence[int], actions: Iterable[tuple[int, str]]) -> Table:
    """The table's round after these (seat, action) pairs. Raises IllegalAction if they can't have been its actions."""
    table = Table(shoe, stakes)
    for seat, action in actions:
        table.act(seat, action)
    return table
