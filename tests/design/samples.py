# ruff: noqa: E501  (one row of made-up data to a line)
"""Made-up data in the shapes of the contract, for the gallery."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from imperio.games import catalogue

NOW = datetime.now(UTC).replace(microsecond=0)


def at(minutes: float) -> str:
    """A time `minutes` ago (negative: to come)."""
    return (NOW - timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


BIG_WINS = [
    {"username": u, "amount": a, "game": g, "round_id": f"r{i}", "at": at(3 + 9 * i)}
    for i, (u, a, g) in enumerate(
        [
            ("Livia", 12500, "slots"),
            ("octavian", 3600, "roulette"),
            ("Sabina_Augusta", 900, "blackjack"),
            ("nerva", 525, "roulette"),
        ]
    )
]


def visitor_shell() -> dict[str, Any]:
    return {
        "player": None,
        "unread_count": 0,
        "csrf_token": "token",
        "topics": [],
        "path": "/",
        "net_position": 0,
        "session_started_at": None,
        "reality_check_minutes": None,
        "time_out_until": None,
        "chat_room": "global",
        "big_wins": BIG_WINS,
    }


PLAYER: dict[str, Any] = {
    "player": {"id": "7", "username": "Aurelia", "coins": 12480, "role": "player", "status": "active"},
    "unread_count": 3,
    "net_position": -120,
    "session_started_at": at(47),
    "topics": ["wallet", "notifications"],
}

GAMES = [
    {
        "id": "slots",
        "name": "Cherry Charm",
        "rtp": 0.95703125,
        "house_edge": 0.04296875,
        "players_now": 12,
        "min_stake": 1,
        "max_stake": 500,
        "rules_url": "/rules#slots",
        "last_results": [
            ["lemon", "banana", "lemon"],
            ["cherry", "cherry", "apple"],
            ["lemon", "lemon", "lemon"],
            ["banana", "banana", "lemon"],
        ],
    },
    {
        "id": "roulette",
        "name": "European Roulette",
        "rtp": 36 / 37,
        "house_edge": 1 / 37,
        "players_now": 7,
        "min_stake": 1,
        "max_stake": 5000,
        "max_bet": 1000,
        "rules_url": "/rules#roulette",
        "last_results": [17, 0, 32, 5, 26, 8, 11, 36],
    },
    {
        "id": "blackjack",
        "name": "Blackjack",
        "rtp": 0.9967,
        "house_edge": 0.0033,
        "players_now": 4,
        "min_stake": 2,
        "max_stake": 2000,
        "rules_url": "/rules#blackjack",
        "last_results": ["natural", "won", "push", "lost"],
    },
]
ROOMS = [
    {
        "id": "t1",
        "game_type": "roulette",
        "host": "Livia",
        "players": [{}, {}, {}],
        "max_players": 8,
        "spectators": 2,
        "status": "playing",
        "private": False,
        "created_at": at(30),
    },
    {
        "id": "t2",
        "game_type": "blackjack",
        "host": "octavian",
        "players": [{}],
        "max_players": 4,
        "spectators": 0,
        "status": "waiting",
        "private": False,
        "created_at": at(3),
    },
]
BOARD = [
    {"rank": i + 1, "username": u, "value": v}
    for i, (u, v) in enumerate(
        [("Livia", 11240), ("octavian", 3350), ("Aurelia", 980), ("nerva", 400), ("Sabina_Augusta", -35)]
    )
]
BONUS = {
    "claimable": True,
    "amount": 200,
    "streak": 2,
    "next_at": at(-600),
    "days": [
        {"amount": min(400, 100 + 50 * i), "state": "claimed" if i < 2 else "today" if i == 2 else "ahead"}
        for i in range(7)
    ],
}

STATISTICS = {
    "bets_count": 1204,
    "bets_amount": 88120,
    "wins_count": 361,
    "wins_amount": 88000,
    "net_profit": -120,
    "win_rate": 0.2998,
    "best_win": 2500,
    "favourite_game": "slots",
    "balance": 12480,
    "by_game": [
        {
            "game": g,
            "bets_count": n,
            "bets_amount": 60 * n,
            "wins_amount": 58 * n,
            "net_profit": -2 * n,
            "win_rate": 0.3,
        }
        for g, n in (("slots", 900), ("roulette", 204), ("blackjack", 100))
    ],
}
SEED, HASH = "5d43f77f53fec7d115180136105400f0fd2a1f20b681b6b54a289c207923b190", "9f" * 32
FAIRNESS = {"server_seed_hash": HASH, "client_seed": "iyAyNGKPsa", "nonce": 29, "next_server_seed_hash": "ab" * 32}
TRANSACTIONS = [
    {
        "id": f"x{i}",
        "type": t,
        "game": g,
        "amount": a,
        "balance_before": 0,
        "balance_after": b,
        "reference_id": r,
        "description": d,
        "details": {},
        "created_at": at(4 + 7 * i),
    }
    for i, (t, g, a, b, r, d) in enumerate(
        [
            ("win", "slots", 250, 12480, "r1", "Three apples"),
            ("bet", "slots", -10, 12230, "r1", ""),
            ("bonus", None, 200, 12240, None, "Daily bonus, day 3"),
            ("bet", "roulette", -500, 12040, "r2", ""),
            ("refund", "blackjack", 50, 12540, "r3", "Table closed"),
        ]
    )
]
ROUNDS = [
    {
        "id": f"r{i}",
        "game": g,
        "status": s,
        "stake": st,
        "payout": p,
        "net": p - st,
        "outcome": {},
        "created_at": at(5 + 12 * i),
        "settled_at": at(5 + 12 * i),
        "fairness": {
            "server_seed_hash": HASH,
            "client_seed": "iyAyNGKPsa",
            "nonce": 28 - i,
            "server_seed": SEED if i else None,
        },
    }
    for i, (g, s, st, p) in enumerate(
        [
            ("blackjack", "open", 100, 0),
            ("slots", "settled", 10, 250),
            ("roulette", "settled", 500, 0),
            ("slots", "void", 10, 10),
        ]
    )
]
ACHIEVEMENTS = [
    {
        "type": f"a{i}",
        "name": n,
        "description": d,
        "icon": "laurel",
        "reward_coins": r,
        "category": c,
        "unlocked_at": u,
        "seen": True,
        "current_value": v,
        "target_value": t,
    }
    for i, (n, d, r, c, u, v, t) in enumerate(
        [
            ("First Spin", "First settled round in any game", 10, "play", at(2000), 1, 1),
            ("First Win", "First round with a net gain", 25, "wins", at(1990), 1, 1),
            ("Dedicated Player", "100 settled rounds", 200, "play", None, 64, 100),
            ("Casino Legend", "1,000 settled rounds", 1000, "play", None, 64, 1000),
            ("Hot Streak", "Three wins in a row", 150, "streak", at(300), 3, 3),
            ("Whale", "All-time net profit of 5,000", 1000, "profit", None, 0, 5000),
            ("Slots Master", "10 wins at Cherry Charm", 200, "mastery", None, 7, 10),
            ("High Roller", "A stake of 1,000 in one round", 500, "stakes", None, 0, 1),
        ]
    )
]
NOTES = [
    {
        "id": f"n{i}",
        "type": t,
        "title": h,
        "message": m,
        "icon": "",
        "details": {},
        "read": i > 1,
        "created_at": at(6 + 50 * i),
    }
    for i, (t, h, m) in enumerate(
        [
            ("achievement_unlocked", "Hot Streak", "Three wins in a row. 150 coins are yours."),
            ("big_win", "A big win", "2,500 coins at Roulette."),
            ("daily_bonus", "Daily bonus", "Your bonus for day 3 is ready."),
            ("system_message", "New tables", "Blackjack tables now seat seven."),
        ]
    )
]
PROFILE = {
    "user": {"username": "Aurelia", "email": "aurelia@example.org", "created_at": at(9000)},
    "statistics": STATISTICS,
    "achievements": ACHIEVEMENTS,
    "recent_activity": ROUNDS[1:],
    "rank": 3,
}
CHART = '<svg viewBox="0 0 400 120" role="img" aria-label="Balance of thirty days"><path d="M0 100L60 80L120 90L180 50L240 64L300 30L400 20" fill="none" stroke="currentColor" stroke-width="2"/></svg>'
BOARD_PAGE = {
    "metric": "net_profit",
    "timeframe": "weekly",
    "board": [*BOARD, *({"rank": 6 + i, "username": f"player_{i}", "value": -40 - i} for i in range(8))],
    "me": {"rank": 3, "value": 980, "total_players": 213, "percentile": 99.1, "neighbours": []},
}


class Error:
    def __init__(self, status: int, title: str, detail: str) -> None:
        self.status, self.title, self.detail, self.code = status, title, detail, "x"


Page = tuple[str, dict[str, Any], bool]
LOBBY: dict[str, Any] = {
    "games": GAMES,
    "rooms": ROOMS,
    "board": BOARD,
    "bonus": BONUS,
    "big_wins": BIG_WINS,
    "_path": "/",
}
WALLET: dict[str, Any] = {
    "balance": 12480,
    "transactions": TRANSACTIONS,
    "next_cursor": "abc",
    "filters": {},
    "bonus": {**BONUS, "claimable": False},
    "refill": {"available": False, "next_at": None},
    "charts": [CHART],
}
PAGES: dict[str, Page] = {
    "lobby": ("lobby/lobby.html", LOBBY, True),
    "lobby-visitor": ("lobby/lobby.html", {**LOBBY, "bonus": None}, False),
    "lobby-empty": ("lobby/lobby.html", {**LOBBY, "bonus": None, "rooms": [], "board": [], "big_wins": []}, False),
    "login": (
        "accounts/login.html",
        {"form": {"username": "Aurelia"}, "errors": {}, "error": "Name or password is not right.", "next": "/slots"},
        False,
    ),
    "signup": (
        "accounts/signup.html",
        {
            "form": {"username": "x"},
            "errors": {"username": "At least 3 characters.", "password": "This password is on every list of bad ones."},
        },
        False,
    ),
    "error-404": ("errors/error.html", {"error": Error(404, "Not found", "")}, True),
    "error-503": ("errors/error.html", {"error": Error(503, "Unavailable", "The database is being restarted.")}, False),
    "wallet": ("wallet/wallet.html", WALLET, True),
    "wallet-empty": (
        "wallet/wallet.html",
        {
            **WALLET,
            "balance": 4,
            "transactions": [],
            "next_cursor": None,
            "filters": {"type": "win"},
            "refill": {"available": True, "next_at": None},
        },
        True,
    ),
    "history": ("games/history.html", {"rounds": ROUNDS, "next_cursor": None, "filters": {}}, True),
    "history-empty": ("games/history.html", {"rounds": [], "next_cursor": None, "filters": {"game": "slots"}}, True),
    "round": ("games/round.html", {"round": ROUNDS[2], "verify_url": "/fairness/verify?game=roulette"}, True),
    "rules": ("games/rules.html", {"games": catalogue.games()}, False),
    "fairness": (
        "fairness/fairness.html",
        {
            "fairness": FAIRNESS,
            "seeds": [
                {
                    "server_seed": SEED,
                    "server_seed_hash": HASH,
                    "client_seed": "iyAyNGKPsa",
                    "last_nonce": 29,
                    "revealed_at": at(90),
                }
            ],
        },
        True,
    ),
    "fairness-visitor": ("fairness/fairness.html", {"fairness": None, "seeds": []}, False),
    "verify": (
        "fairness/verify.html",
        {
            "prefill": {
                "game": "slots",
                "server_seed": SEED,
                "client_seed": "iyAyNGKPsa",
                "nonce": 29,
                "server_seed_hash": HASH,
            }
        },
        False,
    ),
    "verify-cards": (
        "fairness/verify.html",
        {"prefill": {"game": "blackjack", "server_seed": SEED, "client_seed": "iyAyNGKPsa", "nonce": 29}},
        True,
    ),
    "profile": (
        "profiles/profile.html",
        {
            "profile": PROFILE,
            "charts": [CHART],
            "sessions": [{"user_agent": "Firefox on Linux", "current": True, "created_at": at(47)}],
        },
        True,
    ),
    "public": ("profiles/public.html", {"profile": PROFILE}, False),
    "limits": (
        "profiles/limits.html",
        {
            "limits": {"daily_loss": 500, "session_minutes": None, "reality_check_minutes": 30},
            "pending": [{"name": "daily_loss", "value": 900, "effective_at": at(-600)}],
            "time_out": None,
        },
        True,
    ),
    "notifications": (
        "notifications/notifications.html",
        {"notifications": NOTES, "unread_count": 2, "next_cursor": "x"},
        True,
    ),
    "notifications-empty": (
        "notifications/notifications.html",
        {"notifications": [], "unread_count": 0, "next_cursor": None},
        True,
    ),
    "achievements": ("achievements/achievements.html", {"achievements": ACHIEVEMENTS}, True),
    "leaderboard": ("leaderboards/leaderboard.html", BOARD_PAGE, True),
    "leaderboard-empty": ("leaderboards/leaderboard.html", {**BOARD_PAGE, "board": [], "me": None}, False),
    "statistics": ("statistics/statistics.html", {"statistics": STATISTICS, "charts": [CHART]}, True),
}
