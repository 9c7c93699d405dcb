"""Examples for the API's description, made from its schemas. Pure.

A model or field that needs an example of its own says so (`examples`); for the rest, one name means one thing all over
the API.
"""

from collections.abc import Mapping
from typing import Any, Final

_ID: Final = "0193a5f0c2a87d0e8f6a1c5b7e9d2f34"
_SEED: Final = "5d43f77f53fec7d115180136105400f0fd2a1f20b681b6b54a289c207923b190"
_TIME: Final = "2026-11-23T12:00:00.000000Z"
_TOMORROW: Final = "2026-11-24T00:00:00.000000Z"

_BY_NAME: Final[Mapping[str, Any]] = {
    "access_token": "eyJhbGciOiJIUzI1NiIsImtpZCI6IjdmM2EwYjFjIn0.eyJzdWIiOiIxNyJ9.c2lnbmF0dXJl",
    "address": "203.0.113.7",
    "amount": 100,
    "balance": 1110,
    "best_win": 50,
    "bets_amount": 120,
    "bets_count": 12,
    "category": "play",
    "client_seed": "iyAyNGKPsa",
    "code": "492039",
    "coins": 1110,
    "created_at": _TIME,
    "current_password": "a palace at night",
    "current_value": 4,
    "daily_loss": 500,
    "date": "2026-11-23",
    "description": "Ten settled rounds",
    "email": "livia@example.org",
    "expires_at": "2026-12-23T12:00:00.000000Z",
    "expires_in": 900,
    "favourite_game": "slots",
    "game": "slots",
    "icon": "star",
    "id": _ID,
    "last_nonce": 41,
    "marked_count": 3,
    "message": "You have unlocked First Spin.",
    "metric": "net_profit",
    "minutes": 30,
    "name": "First Spin",
    "net": 10,
    "net_profit": 30,
    "new_password": "a garden by the sea",
    "next_at": _TOMORROW,
    "next_cursor": "djE6cm91bmRzOjAxOTNhNWYwYzJhODdkMGU4ZjZhMWM1YjdlOWQyZjM0",
    "next_server_seed_hash": "b58ad36f1ee9a0b1f0dc2a7cc1f1f0e61d6ad4d7c4b3f5a1d58f2b3c9a7e6d51",
    "nonce": 42,
    "password": "a palace at night",
    "payout": 20,
    "pending_from": _TOMORROW,
    "percentile": 87.5,
    "progress_percentage": 40.0,
    "reality_check_minutes": 30,
    "reason": "insulting others",
    "recovery_codes": ["k7fq-2mzd-9xwp"],
    "refresh_token": "0YVw4b0gq7mJr3o5nK1d8tXcZlF2sPuEaHyBvNiQeMk",
    "revealed_at": _TIME,
    "reward_coins": 10,
    "role": "player",
    "rounds": 12,
    "seconds": 10,
    "secret": "JBSWY3DPEHPK3PXP",
    "seen_at": _TIME,
    "server_seed": _SEED,
    "server_seed_hash": "1107d192f2aa47be50c32b3c3482bcb2aaf2c25036aba0ec6150216a6c2dbf97",
    "session_minutes": 120,
    "settled_at": _TIME,
    "stake": 10,
    "status": "active",
    "streak": 1,
    "target_value": 10,
    "time_out_until": _TOMORROW,
    "timeframe": "daily",
    "title": "First Spin",
    "token_type": "Bearer",
    "total_players": 9,
    "totp": "492039",
    "type": "first_spin",
    "unlocked_at": _TIME,
    "unread_count": 2,
    "updated_at": _TIME,
    "uri": "otpauth://totp/ImperioCasino:Livia?secret=JBSWY3DPEHPK3PXP&issuer=ImperioCasino",
    "user_agent": "Mozilla/5.0",
    "username": "Livia",
    "value": 30,
    "win_rate": 0.25,
    "wins_amount": 150,
    "wins_count": 3,
}
_PYTHON: Final[Mapping[str, type | tuple[type, ...]]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}
_BY_TYPE: Final[Mapping[str, Any]] = {"string": "text", "integer": 1, "number": 0.5, "boolean": False, "object": {}}


def example_of(schema: Mapping[str, Any], components: Mapping[str, Any], name: str = "") -> Any:
    """A value that the schema allows. `name` is the field's, `components` what `$ref`s lead to."""
    if "$ref" in schema:
        return example_of(components[schema["$ref"].rpartition("/")[2]], components, name)
    if "examples" in schema:
        return schema["examples"][0]
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if "properties" in schema:
        return {key: example_of(part, components, key) for key, part in schema["properties"].items()}
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], components, name)
    kind = schema.get("type", "object")
    if name in _BY_NAME and isinstance(_BY_NAME[name], _PYTHON[kind]):
        return _BY_NAME[name]
    if kind == "array":
        return [example_of(schema["items"], components)]
    return _BY_TYPE[kind]
