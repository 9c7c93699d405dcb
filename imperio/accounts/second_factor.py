"""The second factor: time-based codes (RFC 6238) of an authenticator app, and recovery codes on paper.

A code's time step is used once: whoever looks over a shoulder cannot log in with what was just typed.
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

import pyotp

from ..core.db import Connection, Database, Row

STEP_SECONDS: Final = 30
RECOVERY_CODES: Final = 10
# The neighbours too: clocks of telephones differ, and typing takes time.
_STEPS_AROUND: Final = (0, -1, 1)
# Without letters that look like digits. 16 of them are 80 bits: nothing to guess, so a plain hash will do.
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_RECOVERY_LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A secret to type into an authenticator app, and the same as an `otpauth://` address."""

    secret: str
    uri: str


async def enrol(db: Database, player_id: int, username: str) -> Enrolment:
    secret = pyotp.random_base32()
    await db.execute(
        "UPDATE users SET totp_secret = :secret, totp_last_step = NULL"
        " WHERE id = :player_id AND totp_enabled_at IS NULL",
        secret=secret,
        player_id=player_id,
    )
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name="ImperioCasino"))


async def enable(db: Database, player_id: int) -> list[str]:
    """Switches on; answers new recovery codes, of which only hashes are kept."""
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    async with db.transaction() as connection:
        await connection.execute(
            f"UPDATE users SET totp_enabled_at = {connection.now_sql} WHERE id = :player_id", player_id=player_id
        )
        await _drop_recovery_codes(connection, player_id)
        for code in codes:
            await connection.insert("recovery_codes", {"user_id": player_id, "code_hash": _hash(player_id, code)})
    return codes


async def disable(db: Database, player_id: int) -> None:
    async with db.transaction() as connection:
        await connection.execute(
            "UPDATE users SET totp_secret = NULL, totp_last_step = NULL, totp_enabled_at = NULL WHERE id = :player_id",
            player_id=player_id,
        )
        await _drop_recovery_codes(connection, player_id)


async def accept(db: Database, row: Row, code: str) -> bool:
    """Whether the code is right and fresh; it is used up then.

    `row` has the user's `user_id`, `totp_secret` and the database's `now_at`.
    """
    typed = code.replace(" ", "").replace("-", "").lower()
    if len(typed) == 6 and typed.isascii() and typed.isdigit():
        return await _accept_step(db, row, typed)
    return await _accept_recovery(db, row["user_id"], typed)


async def _accept_step(db: Database, row: Row, code: str) -> bool:
    totp = pyotp.TOTP(row["totp_secret"], interval=STEP_SECONDS)
    current = int(row["now_at"].timestamp()) // STEP_SECONDS
    for step in (current + around for around in _STEPS_AROUND):
        if pyotp.utils.strings_equal(totp.generate_otp(step), code):
            return bool(
                await db.execute(
                    "UPDATE users SET totp_last_step = :step WHERE id = :player_id AND totp_secret = :secret"
                    " AND (totp_last_step IS NULL OR totp_last_step < :step)",
                    step=step,
                    player_id=row["user_id"],
                    secret=row["totp_secret"],
                )
            )
    return False


async def _accept_recovery(db: Database, player_id: int, code: str) -> bool:
    if len(code) != _RECOVERY_LENGTH:
        return False
    used = await db.execute(
        f"UPDATE recovery_codes SET used_at = {db.now_sql}"
        " WHERE user_id = :player_id AND code_hash = :code_hash AND used_at IS NULL",
        player_id=player_id,
        code_hash=_hash(player_id, code),
    )
    return bool(used)


async def _drop_recovery_codes(connection: Connection, player_id: int) -> None:
    await connection.execute("DELETE FROM recovery_codes WHERE user_id = :player_id", player_id=player_id)


def _recovery_code() -> str:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_RECOVERY_LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, _RECOVERY_LENGTH, 4))


def _hash(player_id: int, code: str) -> str:
    return hashlib.sha256(f"{player_id}:{code.replace('-', '')}".encode(errors="replace")).hexdigest()
