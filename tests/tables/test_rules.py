"""The course of a table as plain values: no database, no clock but the one the test holds."""

from datetime import UTC, datetime, timedelta

import pytest

from imperio.fairness.stream import FairStream, commitment, table_client_seed
from imperio.games.blackjack import engine as blackjack
from imperio.games.roulette.engine import Bet
from imperio.games.slots import engine as slots
from imperio.tables.rules import errors
from imperio.tables.rules import room as course
from imperio.tables.rules import rounds as play
from imperio.tables.rules.room import GameType, Room
from imperio.tables.views import state_view

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SEED = "ab" * 32


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def make_room(game: GameType = "roulette", seats: int = 2, *, max_players: int = 4) -> Room:
    low, high = course.STAKES[game]
    room = Room(
        id="room",
        game_type=game,
        host_id=1,
        max_players=max_players,
        private=False,
        invite_code=None,
        min_stake=low,
        max_stake=high,
        betting_seconds=15,
        status="waiting",
        phase="waiting",
        version=1,
        round_no=0,
        deadline_at=None,
        seed_pair_id="pair",
        server_seed=SEED,
        server_seed_hash=commitment(SEED),
        nonce=0,
        spectators=0,
        active_at=NOW,
        created_at=NOW,
    )
    for number in range(1, seats + 1):
        course.sit(room, number, f"player{number}", "session", after(number))
    return room


def betting(game: GameType = "roulette", seats: int = 2) -> Room:
    room = make_room(game, seats)
    course.start(room, 1, NOW)
    return room


def deal(room: Room, *stakes: int) -> None:
    """Stakes for each seat in turn and deals, as if all had paid."""
    for seat, stake in zip(room.seats, stakes, strict=True):
        play.offer_stake(room, seat.player_id, stake, after(1))
    spins = course.SPINS if room.game_type == "slots" else 1
    client_seeds = [f"seed{seat.player_id}" for seat in room.seats]
    ids = [[f"{seat.player_id}-{spin}" for spin in range(spins)] for seat in room.seats]
    play.deal(room, room.seats, client_seeds, "round", ids, after(2))


# Seats


def test_seats_are_filled_from_the_first_free_one() -> None:
    room = make_room(seats=3)
    course.leave(room, 2, NOW)
    course.sit(room, 9, "late", "session", NOW)
    assert [(seat.player_id, seat.seat) for seat in room.seats] == [(1, 0), (9, 1), (3, 2)]


def test_a_full_table_takes_nobody_and_a_second_tab_takes_no_second_seat() -> None:
    room = make_room(seats=2, max_players=2)
    with pytest.raises(errors.RoomFull):
        course.sit(room, 3, "third", "session", NOW)
    course.sit(room, 2, "player2", "other tab", NOW)
    assert len(room.seats) == 2


def test_the_longest_seated_becomes_host() -> None:
    room = make_room(seats=3)
    course.leave(room, 2, NOW)
    course.sit(room, 2, "player2", "session", after(60))
    course.leave(room, 1, after(61))
    assert room.host == "player3"
    assert ("new_host", {"room_id": "room", "host": "player3"}) in room.told


def test_the_last_one_closes_the_table() -> None:
    room = make_room(seats=1)
    course.leave(room, 1, NOW)
    assert room.closed and room.closed_reason == "empty" and room.due_at() is None


def test_a_dropped_seat_is_kept_for_sixty_seconds() -> None:
    room = betting()
    course.drop(room, 2, NOW)
    course.expire_dropped(room, after(59.9))
    assert room.find_seat(2) is not None
    course.expire_dropped(room, after(60))
    assert room.find_seat(2) is None


def test_who_was_sent_away_does_not_come_back() -> None:
    room = make_room()
    course.kick(room, 1, "Player2", NOW)
    with pytest.raises(errors.Removed):
        course.sit(room, 2, "player2", "session", NOW)
    with pytest.raises(errors.NotSeated):
        course.kick(room, 2, "player1", NOW)


# Betting


def test_bets_close_at_the_clock_or_when_every_ready_seat_is_done() -> None:
    room = betting()
    assert room.deadline_at == after(15)
    play.offer_bets(room, 1, [Bet("red", (), 5)], True, after(1))
    assert room.deadline_at == after(15)
    play.offer_bets(room, 2, [Bet("red", (), 5)], False, after(2))
    assert room.deadline_at == after(15)
    course.set_ready(room, 2, False, after(3))
    assert room.deadline_at == after(3)


def test_new_bets_replace_earlier_ones() -> None:
    room = betting()
    play.offer_bets(room, 1, [Bet("red", (), 5), Bet("split", (20, 17), 3)], False, after(1))
    assert room.seats[0].stake == 8 and room.seats[0].bets[1]["numbers"] == [17, 20]
    play.offer_bets(room, 1, [], False, after(2))
    assert room.seats[0].stake == 0 and not play.staking(room)


@pytest.mark.parametrize("seconds", [15, 15.5, 100])
def test_no_bet_after_the_close(seconds: float) -> None:
    room = betting()
    with pytest.raises(errors.BettingClosed):
        play.offer_bets(room, 1, [Bet("red", (), 5)], False, after(seconds))


def test_a_race_has_one_stake_for_all() -> None:
    room = betting("slots")
    play.offer_stake(room, 1, 5, after(1))
    play.offer_stake(room, 1, 7, after(1))
    with pytest.raises(errors.InvalidBet):
        play.offer_stake(room, 2, 5, after(1))
    assert play.cost(room, play.offer_stake(room, 2, 7, after(1))) == 70


def test_two_rounds_without_a_stake_end_the_game() -> None:
    room = betting()
    course.skip_round(room, after(15))
    assert room.phase == "betting" and room.round_no == 2
    course.skip_round(room, after(30))
    assert (room.status, room.phase, room.deadline_at) == ("waiting", "waiting", None)


# Blackjack


def test_turns_have_their_clock_and_the_house_decides_after_it() -> None:
    room = betting("blackjack", 3)
    deal(room, 10, 20, 30)
    seconds = 2.0
    while not play.is_over(room):
        dealt = room.dealt
        assert dealt is not None and dealt.turn is not None
        assert room.deadline_at == after(seconds + 20)
        seconds += 20
        play.advance(room, after(seconds))
        assert dealt.decisions[-1]["by"] == "system"
    table = play.blackjack_table(room)
    assert table.settled and all(hand.result for seat in table.seats for hand in seat.hands)


def test_only_the_one_whose_turn_it_is_decides_and_only_on_the_cards_they_saw() -> None:
    room = betting("blackjack", 2)
    deal(room, 10, 10)
    dealt = room.dealt
    assert dealt is not None and dealt.turn is not None
    mine, others = dealt.entrants[dealt.turn].player_id, dealt.entrants[1 - dealt.turn].player_id
    room.version += 1
    assert play.check_decision(room, mine, play.blackjack_table(room).default_action, room.version, after(3))
    with pytest.raises(errors.NotYourTurn):
        play.check_decision(room, others, "stand", room.version, after(3))
    with pytest.raises(errors.StaleState):
        play.check_decision(room, mine, "stand", dealt.since - 1, after(3))
    with pytest.raises(errors.StaleState):
        play.check_decision(room, mine, "stand", room.version + 1, after(3))
    with pytest.raises(errors.StaleState):
        play.check_decision(room, mine, "stand", None, after(22))
    with pytest.raises(errors.IllegalAction):
        play.check_decision(room, mine, "fly", None, after(3))
    with pytest.raises(errors.NotSeated):
        play.check_decision(room, 99, "stand", None, after(3))


def test_somebody_sitting_down_does_not_make_a_decision_stale() -> None:
    room = betting("blackjack", 2)
    deal(room, 10, 10)
    room.version += 1
    seen = room.version
    course.sit(room, 9, "late", "session", after(3))
    room.version += 1
    dealt = room.dealt
    assert dealt is not None and dealt.turn is not None
    mine = dealt.entrants[dealt.turn].player_id
    play.check_decision(room, mine, play.blackjack_table(room).default_action, seen, after(4))


def test_nobody_waits_for_somebody_who_has_left() -> None:
    room = betting("blackjack", 2)
    deal(room, 10, 10)
    assert room.dealt is not None and room.dealt.turn is not None
    course.leave(room, room.dealt.entrants[room.dealt.turn].player_id, after(3))
    assert room.deadline_at == after(3)


def test_the_seat_of_somebody_who_left_stays_taken_while_their_cards_lie_there() -> None:
    room = make_room("blackjack", 2, max_players=2)
    course.start(room, 1, NOW)
    deal(room, 10, 10)
    course.leave(room, 1, after(3))
    with pytest.raises(errors.RoomFull):
        course.sit(room, 9, "late", "session", after(4))


def test_who_left_in_mid_round_comes_back_to_their_cards() -> None:
    room = betting("slots", 4)
    deal(room, 5, 5, 5, 5)
    course.leave(room, 3, after(3))
    course.leave(room, 1, after(3))
    with pytest.raises(errors.RoomFull):
        course.sit(room, 9, "late", "session", after(4))
    assert course.sit(room, 3, "player3", "session", after(5)).seat == 2


def test_nobody_waits_when_everybody_has_left_and_who_comes_then_is_host() -> None:
    room = betting("blackjack", 2)
    deal(room, 10, 10)
    course.leave(room, 1, after(3))
    course.leave(room, 2, after(3))
    assert not room.closed, "their stakes are in play"
    assert room.deadline_at is not None and room.deadline_at <= after(3)
    course.sit(room, 9, "late", "session", after(4))
    assert room.host == "late" and ("new_host", {"room_id": "room", "host": "late"}) in room.told


def test_nothing_shown_tells_the_hole_card() -> None:
    for number in range(60):
        room = betting("blackjack", 2)
        room.server_seed = f"{number:064x}"
        deal(room, 10, 10)
        table = play.blackjack_table(room)
        if table.settled:
            continue
        view = state_view(room)
        assert view["dealer"] == {"cards": table.dealer[:1], "total": blackjack.hand_value(table.dealer[:1]).total}
        shown = {card for seat in view["seats"] for hand in seat["hands"] for card in hand["cards"]}
        assert SEED not in str(view) and room.server_seed not in str(view)
        assert len(shown) <= 4


# Races


def test_a_race_shows_one_spin_every_three_seconds_and_no_more() -> None:
    room = betting("slots", 2)
    deal(room, 5, 5)
    for shown in range(1, course.SPINS + 1):
        assert not play.is_over(room)
        view = state_view(room)
        assert [len(seat["spins"]) for seat in view["seats"]] == [shown, shown]
        assert room.deadline_at == after(2 + 3 * shown)
        play.advance(room, after(2 + 3 * shown))
    assert play.is_over(room)


def test_every_spin_of_every_seat_has_a_nonce_of_its_own() -> None:
    room = betting("slots", 3)
    deal(room, 5, 5, 5)
    paid = play.settle(room)
    nonces = [one.nonce for rounds in paid for one in rounds]
    assert sorted(nonces) == list(range(30)) and room.nonce == 30
    client_seed = table_client_seed(["seed1", "seed2", "seed3"])
    for index, rounds in enumerate(paid):
        for spin, one in enumerate(rounds):
            assert one.nonce == 3 * spin + index
            drawn = slots.spin(FairStream(SEED, client_seed, one.nonce))
            assert one.outcome["stops"] == list(drawn.stops) and one.payout == 5 * drawn.multiplier


def test_clocks_of_a_table() -> None:
    room = make_room()
    assert room.due_at() == after(2) + course.IDLE_TIME
    course.start(room, 1, after(10))
    assert room.due_at() == after(25)
    course.drop(room, 2, after(-40))
    assert room.due_at() == after(20)
