"""Made-up data in the shapes of the contract, for the gallery."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

NOW = datetime.now(UTC).replace(microsecond=0)


def at(minutes: float) -> str:
    """A time `minutes` ago (negative: to come)."""
    return (NOW - timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


BIG_WINS = [
    {"username": u, "amount": a, "game": g, "round_id": f"r{i}", "at": at(3 + 9 * i)}
    for i, (u, a, g) in enumerate([("Livia", 12500, "slots"), ("octavian", 3600, "roulette"), ("Sabina_Augusta", 900, "blackjack"), ("nerva", 525, "roulette")])
]


def visitor_shell() -> dict[str, Any]:
    return {
        "player": None, "unread_count": 0, "csrf_token": "token", "topics": [], "path": "/", "net_position": 0, "session_started_at": None,
        "reality_check_minutes": None, "time_out_until": None, "chat_room": "global", "big_wins": BIG_WINS,
    }


PLAYER: dict[str, Any] = {
    "player": {"id": "7", "username": "Aurelia", "coins": 12480, "role": "player", "status": "active"},
    "unread_count": 3, "net_position": -120, "session_started_at": at(47), "topics": ["wallet", "notifications"],
}

GAMES = [
    {"id": "slots", "name": "Cherry Charm", "rtp": 0.95703125, "house_edge": 0.04296875, "players_now": 12, "min_stake": 1, "max_stake": 500, "rules_url": "/rules#slots",
     "last_results": [["lemon", "banana", "lemon"], ["cherry", "cherry", "apple"], ["lemon", "lemon", "lemon"], ["banana", "banana", "lemon"]]},
    {"id": "roulette", "name": "European Roulette", "rtp": 36 / 37, "house_edge": 1 / 37, "players_now": 7, "min_stake": 1, "max_stake": 5000, "max_bet": 1000, "rules_url": "/rules#roulette",
     "last_results": [17, 0, 32, 5, 26, 8, 11, 36]},
    {"id": "blackjack", "name": "Blackjack", "rtp": 0.9967, "house_edge": 0.0033, "players_now": 4, "min_stake": 2, "max_stake": 2000, "rules_url": "/rules#blackjack",
     "last_results": ["natural", "won", "push", "lost"]},
]
ROOMS = [
    {"id": "t1", "game_type": "roulette", "host": "Livia", "players": [{}, {}, {}], "max_players": 8, "spectators": 2, "status": "playing", "private": False, "created_at": at(30)},
    {"id": "t2", "game_type": "blackjack", "host": "octavian", "players": [{}], "max_players": 4, "spectators": 0, "status": "waiting", "private": False, "created_at": at(3)},
]
BOARD = [{"rank": i + 1, "username": u, "value": v} for i, (u, v) in enumerate([("Livia", 11240), ("octavian", 3350), ("Aurelia", 980), ("nerva", 400), ("Sabina_Augusta", -35)])]
BONUS = {"claimable": True, "amount": 200, "streak": 2, "next_at": at(-600),
         "days": [{"amount": min(400, 100 + 50 * i), "state": "claimed" if i < 2 else "today" if i == 2 else "ahead"} for i in range(7)]}

Page = tuple[str, dict[str, Any], bool]
LOBBY: dict[str, Any] = {"games": GAMES, "rooms": ROOMS, "board": BOARD, "bonus": BONUS, "big_wins": BIG_WINS, "_path": "/"}
PAGES: dict[str, Page] = {
    "lobby": ("lobby/lobby.html", LOBBY, True),
    "lobby-visitor": ("lobby/lobby.html", {**LOBBY, "bonus": None}, False),
    "lobby-empty": ("lobby/lobby.html", {**LOBBY, "bonus": None, "rooms": [], "board": [], "big_wins": []}, False),
}
