"""Signing up and in: accounts, their sessions and second factors.

A session is one login. Its refresh token works once and is replaced with each use; an access token lives fifteen
minutes and is worth something only as long as its session holds, which every checked request looks up. So logging out,
freezing, a new role or password take effect at once, on every worker.
"""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal
from weakref import WeakValueDictionary

import structlog
from tortoise.exceptions import IntegrityError

from ..core.db import Connection, Database, Row, is_unique_violation, retrying
from ..core.errors import AppError, FieldError, InvalidRequest, NotAuthenticated, NotFound, RateLimited
from ..core.gather import MOST_AT_ONCE, Gathered
from ..core.ids import new_id
from . import second_factor
from .passwords import Passwords, weakness
from .throttle import Throttle
from .tokens import ACCESS_SECONDS, REFRESH_SECONDS, Tokens, fingerprint, new_refresh_token

log = structlog.get_logger(__name__)

Role = Literal["player", "moderator", "admin"]
Status = Literal["active", "frozen", "closed"]

USERNAME_PATTERN: Final = r"^[A-Za-z0-9_-]{3,32}$"
EMAIL_LENGTH: Final = 254  # RFC 5321's longest path
# A login that is used stays; but after half a year everybody shows the password again.
LONGEST_SESSION: Final = timedelta(days=180)
# Two tabs opened at once present the same refresh cookie; a thief comes later than this.
PARALLEL_SECONDS: Final = 30

_USERNAME: Final = re.compile(USERNAME_PATTERN.replace("$", r"\Z"))
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"  # RFC 5322; quoted local parts are nobody's address any more
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}")
_SESSION_ID: Final = re.compile(r"[0-9a-f]{32}\Z")


class UsernameTaken(AppError):
    status = 409
    code = "username_taken"
    title = "This name is taken"


class EmailTaken(AppError):
    status = 409
    code = "email_taken"
    title = "There is an account with this e-mail address"


class InvalidCredentials(AppError):
    status = 401
    code = "invalid_credentials"
    title = "Name or password is wrong"


class TotpRequired(AppError):
    status = 401
    code = "totp_required"
    title = "Enter the code of your second factor"


class InvalidTotp(AppError):
    status = 401
    code = "invalid_totp"
    title = "The code of the second factor is wrong"


class AccountClosed(AppError):
    status = 403
    code = "account_closed"
    title = "This account is closed"


class TotpState(AppError):
    status = 409
    code = "totp_state"
    title = "The second factor is not in the state for that"


class SessionNotFound(NotFound):
    code = "session_not_found"
    title = "There is no such login"


@dataclass(frozen=True, slots=True)
class Client:
    """Where a login comes from, for its owner's list of sessions and for the throttle."""

    address: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """A person with a login, without anything secret."""

    id: int
    username: str
    email: str
    role: str
    status: str
    totp_enabled: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Login:
    """What signing up, in or refreshing gives. Times to live in seconds: `ACCESS_SECONDS`, `REFRESH_SECONDS`."""

    account: Account
    session_id: str
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)

    @property
    def expires_in(self) -> int:
        return ACCESS_SECONDS


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """One of a player's logins, as its owner sees it."""

    id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    user_agent: str
    address: str


SignupHook = Callable[[Connection, int, datetime], Awaitable[None]]
"""`hook(connection, player_id, now)`, run inside the transaction that makes the account."""

_ACCOUNT_COLUMNS: Final = "u.id AS user_id, u.username, u.email, u.role, u.status, u.totp_enabled_at, u.created_at"


class Accounts:
    """Accounts and sessions. One per process; `on_signup` hooks run in order, in the account's own transaction."""

    def __init__(
        self,
        db: Database,
        passwords: Passwords,
        tokens: Tokens,
        throttle: Throttle,
        on_signup: Sequence[SignupHook] = (),
    ) -> None:
        self._db = db
        self._sessions = Gathered(self._load_sessions)
        self._passwords = passwords
        self._tokens = tokens
        self._throttle = throttle
        self._on_signup = tuple(on_signup)
        # Guesses at one account queue up, so that a burst of them meets the lock that the first ones brought.
        self._attempts: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    # Signing up

    async def signup(self, username: str, email: str, password: str, client: Client = Client()) -> Login:  # noqa: B008
        """Makes an account and logs in. Raises `InvalidRequest` (by field), `UsernameTaken`, `EmailTaken`."""
        _check_signup(username, email, password)
        return await self._create(username, email, password, "player", client)

    async def create_admin(self, username: str, email: str, password: str) -> str:
        """Makes an administrator, for the command line; answers the name. Raises as `signup`."""
        _check_signup(username, email, password)
        login = await self._create(username, email, password, "admin", Client(user_agent="command line"))
        await self.revoke_session(login.account.id, login.session_id, "made on the command line")
        return login.account.username

    async def _create(self, username: str, email: str, password: str, role: Role, client: Client) -> Login:
        await self._refuse_taken(username, email)
        password_hash = await self._passwords.hash(password)

        async def attempt() -> Login:
            async with self._db.transaction() as connection:
                now = await connection.now()
                row = await connection.fetch_one(
                    "INSERT INTO users"
                    " (username, username_key, email, email_key, password_hash, role, status, created_at)"
                    " VALUES (:username, :username_key, :email, :email_key, :password_hash, :role, :status, :now)"
                    " RETURNING id",
                    username=username,
                    username_key=username.lower(),
                    email=email,
                    email_key=email.lower(),
                    password_hash=password_hash,
                    role=role,
                    status="active",
                    now=now,
                )
                assert row is not None
                for hook in self._on_signup:
                    await hook(connection, row["id"], now)
                account = Account(row["id"], username, email, role, "active", False, now)
                return await self._open_session(connection, account, now, client)

        try:
            login = await retrying(attempt)
        except IntegrityError as error:
            if is_unique_violation(error):
                # Somebody took it between our look and our write.
                await self._refuse_taken(username, email)
            raise
        log.info("signed_up", player_id=login.account.id)
        return login

    async def _refuse_taken(self, username: str, email: str) -> None:
        rows = await self._db.fetch(
            "SELECT username_key FROM users WHERE username_key = :username_key OR email_key = :email_key",
            username_key=username.lower(),
            email_key=email.lower(),
        )
        if any(row["username_key"] == username.lower() for row in rows):
            raise UsernameTaken(errors=[{"field": "username", "message": "This name is taken."}])
        if rows:
            raise EmailTaken(errors=[{"field": "email", "message": "There is an account with this address."}])

    # Signing in

    async def login(
        self,
        username: str,
        password: str,
        totp: str | None = None,
        client: Client = Client(),  # noqa: B008
    ) -> Login:
        """Logs in by name or e-mail address, whatever their case.

        Raises `InvalidCredentials`, `TotpRequired`, `InvalidTotp`, `AccountClosed`, or `RateLimited` while too many
        failures lock the account or the address (then a right password is refused as well).
        """
        row = await self._find_for_login(username)
        async with self._guarded(_subject(row, username), client.address) as attempt:
            if not await self._passwords.verify(row["password_hash"] if row else None, password) or row is None:
                await attempt.failed()
                raise InvalidCredentials
            if row["status"] == "closed":
                raise AccountClosed
            if row["totp_enabled_at"] is not None:
                if totp is None:
                    raise TotpRequired
                if not await second_factor.accept(self._db, row, totp):
                    await attempt.failed()
                    raise InvalidTotp
            await attempt.succeeded()
        login = await retrying(lambda: self._open_proven_session(row, client))
        if self._passwords.is_outdated(row["password_hash"]):
            new_hash = await self._passwords.hash(password)
            await _replace_hash(self._db, row["user_id"], row["password_hash"], new_hash)
        log.info("logged_in", player_id=login.account.id, session_id=login.session_id)
        return login

    async def _find_for_login(self, name: str) -> Row | None:
        key = name.lower()
        if not key.isascii() or not key.isprintable():
            return None
        column = "email_key" if "@" in key else "username_key"
        return await self._db.fetch_one(
            f"SELECT {_ACCOUNT_COLUMNS}, u.password_hash, u.totp_secret, u.totp_last_step, {self._db.now_sql} AS now_at"
            f" FROM users u WHERE u.{column} = :key",
            key=key,
        )

    @asynccontextmanager
    async def _guarded(self, subject: str, address: str) -> "AsyncIterator[_Attempt]":
        """One attempt at a password at a time per account, and none while it is locked (`RateLimited`)."""
        if not self._throttle.on:
            yield _Attempt(self._throttle, subject, address)
            return
        lock = self._attempts.get(subject)
        if lock is None:
            self._attempts[subject] = lock = asyncio.Lock()
        async with lock:
            if wait := await self._throttle.locked(subject, address):
                log.warning("login_locked", subject=subject)
                raise RateLimited(wait)
            yield _Attempt(self._throttle, subject, address)

    async def _open_proven_session(self, row: Row, client: Client) -> Login:
        """A session for who has just shown the password in `row`; refused if it was changed in this very moment."""
        async with self._db.transaction() as connection:
            # Held until the session is there, so that a change of password waits and then ends it with the others.
            lock = " FOR SHARE" if connection.dialect == "postgres" else ""
            if not await connection.fetch(
                f"SELECT id FROM users WHERE id = :player_id AND password_hash = :password_hash{lock}",
                player_id=row["user_id"],
                password_hash=row["password_hash"],
            ):
                raise InvalidCredentials
            return await self._open_session(connection, _account(row), await connection.now(), client)

    async def _open_session(self, connection: Connection, account: Account, now: datetime, client: Client) -> Login:
        session_id = new_id()
        await connection.insert(
            "sessions",
            {
                "id": session_id,
                "user_id": account.id,
                "created_at": now,
                "seen_at": now,
                "expires_at": now + timedelta(seconds=REFRESH_SECONDS),
                "user_agent": _printable(client.user_agent)[:200],
                "address": _printable(client.address)[:64],
            },
        )
        return await self._issue(connection, account, session_id, now)

    async def _issue(self, connection: Connection, account: Account, session_id: str, now: datetime) -> Login:
        refresh_token = new_refresh_token()
        await connection.insert(
            "refresh_tokens", {"token_hash": fingerprint(refresh_token), "session_id": session_id, "created_at": now}
        )
        access_token = self._tokens.issue_access(
            player_id=account.id, username=account.username, role=account.role, session_id=session_id
        )
        return Login(account, session_id, access_token, refresh_token)

    # Sessions

    async def refresh(self, refresh_token: str, *, parallel: bool = False) -> Login:
        """New tokens for an unused refresh token. One that comes back revokes its whole session.

        With `parallel` (page navigations, where two tabs may send the same cookie at once) a token that was used less
        than `PARALLEL_SECONDS` ago still works. Raises `NotAuthenticated`.
        """
        row = await self._db.fetch_one(
            f"SELECT {_ACCOUNT_COLUMNS}, s.id AS session_id, s.created_at AS session_created_at, s.revoked_at,"
            f" s.expires_at, {self._db.now_sql} AS now_at FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id"
            " JOIN users u ON u.id = s.user_id WHERE t.token_hash = :token_hash",
            token_hash=fingerprint(refresh_token),
        )
        if row is None or not _holds(row):
            raise NotAuthenticated("This login has ended.")
        login = await retrying(lambda: self._rotate(row, refresh_token, parallel))
        if login is None:
            log.warning("refresh_token_reused", player_id=row["user_id"], session_id=row["session_id"])
            await _revoke(self._db, row["user_id"], "refresh token used twice", only=row["session_id"])
            raise NotAuthenticated("This login has ended.")
        return login

    async def _rotate(self, row: Row, refresh_token: str, parallel: bool) -> Login | None:
        """The new tokens, or None if the old one had been used before."""
        async with self._db.transaction() as connection:
            now = await connection.now()
            # On PostgreSQL this waits for whoever is using the token in this very moment.
            await connection.execute(
                "UPDATE sessions SET seen_at = :now, expires_at = :expires WHERE id = :id AND revoked_at IS NULL",
                now=now,
                expires=min(now + timedelta(seconds=REFRESH_SECONDS), row["session_created_at"] + LONGEST_SESSION),
                id=row["session_id"],
            )
            known = await connection.fetch_one(
                "SELECT t.used_at, s.revoked_at FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id"
                " WHERE t.token_hash = :token_hash",
                token_hash=fingerprint(refresh_token),
            )
            if known is None or known["revoked_at"] is not None:
                raise NotAuthenticated("This login has ended.")
            used_at = known["used_at"]
            if used_at is not None and not (parallel and now - used_at < timedelta(seconds=PARALLEL_SECONDS)):
                return None
            if used_at is None:
                await connection.execute(
                    "UPDATE refresh_tokens SET used_at = :now WHERE token_hash = :token_hash",
                    now=now,
                    token_hash=fingerprint(refresh_token),
                )
            return await self._issue(connection, _account(row), row["session_id"], now)

    async def find_session_id(self, refresh_token: str) -> str | None:
        """The session a refresh token belongs to, whether it still holds or not."""
        row = await self._db.fetch_one(
            "SELECT session_id FROM refresh_tokens WHERE token_hash = :token_hash",
            token_hash=fingerprint(refresh_token),
        )
        return row["session_id"] if row else None

    async def check_session(self, player_id: int, session_id: str) -> Account:
        """The account behind a verified access token. Raises `NotAuthenticated` when its session has ended."""
        account = await self._sessions.find(session_id)
        if account is None or account.id != player_id:
            raise NotAuthenticated("This login has ended.")
        return account

    async def still_valid(self, session_ids: Iterable[str]) -> set[str]:
        """Those of the sessions that still hold: for closing streams of the others."""
        asked = list(set(session_ids))
        held: set[str] = set()
        for start in range(0, len(asked), MOST_AT_ONCE):
            held.update(await self._load_sessions(asked[start : start + MOST_AT_ONCE]))
        return held

    async def _load_sessions(self, session_ids: Sequence[str]) -> dict[str, Account]:
        """The accounts of those sessions that hold, by session."""
        chosen, parameters = self._db.one_of("s.id", session_ids)
        rows = await self._db.fetch(
            f"SELECT {_ACCOUNT_COLUMNS}, s.id AS session_id, s.revoked_at, s.expires_at, {self._db.now_sql} AS now_at"
            f" FROM sessions s JOIN users u ON u.id = s.user_id WHERE {chosen}",
            **parameters,
        )
        return {row["session_id"]: _account(row) for row in rows if _holds(row)}

    async def list_sessions(self, player_id: int) -> list[SessionInfo]:
        """The player's logins that hold, newest first."""
        rows = await self._db.fetch(
            "SELECT id, created_at, seen_at, expires_at, user_agent, address FROM sessions WHERE user_id = :player_id"
            f" AND revoked_at IS NULL AND expires_at > {self._db.now_sql} ORDER BY id DESC",
            player_id=player_id,
        )
        return [SessionInfo(**row) for row in rows]

    async def revoke_session(self, player_id: int, session_id: str, why: str) -> None:
        """Ends one login. Raises `SessionNotFound` when the player has no such login that holds."""
        if not _SESSION_ID.match(session_id) or not await _revoke(self._db, player_id, why, only=session_id):
            raise SessionNotFound

    async def logout(self, player_id: int, session_id: str) -> None:
        """Ends the caller's own login; it is no error if that has just happened."""
        await _revoke(self._db, player_id, "logged out", only=session_id)

    async def revoke_sessions(self, player_id: int, why: str, *, keep: str | None = None) -> int:
        """Ends all of the player's logins but `keep`; answers how many."""
        return await _revoke(self._db, player_id, why, keep=keep)

    # The account itself

    async def get_account(self, player_id: int) -> Account:
        """Raises `NotFound`."""
        row = await self._db.fetch_one(
            f"SELECT {_ACCOUNT_COLUMNS} FROM users u WHERE u.id = :player_id", player_id=player_id
        )
        if row is None:
            raise NotFound
        return _account(row)

    async def find_account(self, username: str) -> Account | None:
        """By name, whatever its case."""
        if not _USERNAME.match(username):
            return None
        row = await self._db.fetch_one(
            f"SELECT {_ACCOUNT_COLUMNS} FROM users u WHERE u.username_key = :key", key=username.lower()
        )
        return _account(row) if row else None

    async def change_password(self, player_id: int, session_id: str, current: str, new: str, client: Client) -> None:
        """Sets a new password and ends all other logins.

        Raises `InvalidCredentials` (guarded like a login), `InvalidRequest`, `RateLimited`.
        """
        row = await self._prove_password(player_id, current, client)
        if problem := weakness(new, username=row["username"], email=row["email"]):
            raise InvalidRequest(problem, errors=[{"field": "new_password", "message": problem}])
        new_hash = await self._passwords.hash(new)

        async def replace() -> None:
            async with self._db.transaction() as connection:
                if not await _replace_hash(connection, player_id, row["password_hash"], new_hash):
                    raise InvalidCredentials("The password was changed in this very moment.")
                await _revoke(connection, player_id, "password changed", keep=session_id)

        await retrying(replace)
        log.info("password_changed", player_id=player_id)

    async def _prove_password(self, player_id: int, password: str, client: Client) -> Row:
        """The account's row if the password is right. Raises `InvalidCredentials`, `RateLimited`."""
        row = await self._get_secrets(player_id)
        async with self._guarded(_subject(row, ""), client.address) as attempt:
            if not await self._passwords.verify(row["password_hash"], password):
                await attempt.failed()
                raise InvalidCredentials("The password is wrong.")
            await attempt.succeeded()
        return row

    async def _get_secrets(self, player_id: int) -> Row:
        row = await self._db.fetch_one(
            f"SELECT {_ACCOUNT_COLUMNS}, u.password_hash, u.totp_secret, u.totp_last_step, {self._db.now_sql} AS now_at"
            " FROM users u WHERE u.id = :player_id",
            player_id=player_id,
        )
        if row is None:
            raise NotFound
        return row

    async def set_status(self, player_id: int, status: Status) -> None:
        """Freezes, closes or opens an account; all its logins end, so streams and tokens do too. Raises `NotFound`."""
        await self._set(player_id, "status", status)

    async def freeze(self, player_id: int) -> None:
        """From now on the player may look but not stake, after logging in anew. Raises `NotFound`."""
        await self.set_status(player_id, "frozen")

    async def set_role(self, player_id: int, role: Role) -> None:
        """Gives a role; all logins end, because access tokens name the former one. Raises `NotFound`."""
        await self._set(player_id, "role", role)

    async def _set(self, player_id: int, column: Literal["status", "role"], value: str) -> None:
        async def change() -> None:
            async with self._db.transaction() as connection:
                if not await connection.execute(
                    f"UPDATE users SET {column} = :value WHERE id = :player_id", value=value, player_id=player_id
                ):
                    raise NotFound
                await _revoke(connection, player_id, f"{column}: {value}")

        await retrying(change)
        log.info("account_changed", player_id=player_id, **{column: value})

    # The second factor

    async def enrol_totp(self, player_id: int, password: str, client: Client) -> second_factor.Enrolment:
        """A new secret for an authenticator app; it counts after `confirm_totp`.

        Raises `InvalidCredentials`, `RateLimited`, `TotpState` if a second factor is on.
        """
        row = await self._prove_password(player_id, password, client)
        if row["totp_enabled_at"] is not None:
            raise TotpState("The second factor is on. Switch it off first.")
        return await second_factor.enrol(self._db, player_id, row["username"])

    async def confirm_totp(self, player_id: int, code: str) -> list[str]:
        """Switches the second factor on; answers recovery codes, shown once. Raises `TotpState`, `InvalidTotp`."""
        row = await self._get_secrets(player_id)
        if row["totp_secret"] is None or row["totp_enabled_at"] is not None:
            raise TotpState("There is no second factor waiting to be confirmed.")
        if not await second_factor.accept(self._db, row, code):
            raise InvalidTotp
        codes = await second_factor.enable(self._db, player_id)
        log.info("second_factor_on", player_id=player_id)
        return codes

    async def disable_totp(self, player_id: int, password: str, client: Client) -> None:
        """Switches the second factor off. Raises `InvalidCredentials`, `RateLimited`."""
        await self._prove_password(player_id, password, client)
        await second_factor.disable(self._db, player_id)
        log.info("second_factor_off", player_id=player_id)

    # Housekeeping

    async def prune(self) -> None:
        """Forgets what no longer matters: logins that ended a month ago, old failures."""
        now = await self._db.now()
        ended = now - timedelta(days=30)
        async with self._db.transaction() as connection:
            gone = "SELECT id FROM sessions WHERE expires_at < :ended OR revoked_at < :ended"
            await connection.execute(f"DELETE FROM refresh_tokens WHERE session_id IN ({gone})", ended=ended)
            await connection.execute(
                "DELETE FROM sessions WHERE expires_at < :ended OR revoked_at < :ended", ended=ended
            )
        await self._throttle.prune(now)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One try at a password, to be told how it ended."""

    throttle: Throttle
    subject: str
    address: str

    async def failed(self) -> None:
        await self.throttle.failed(self.subject, self.address)

    async def succeeded(self) -> None:
        await self.throttle.succeeded(self.subject)


async def _revoke(
    connection: Connection, player_id: int, why: str, *, only: str | None = None, keep: str | None = None
) -> int:
    """Ends the player's logins: all, one, or all but one. Answers how many."""
    which = " AND id = :session_id" if only else " AND id <> :session_id" if keep else ""
    return await connection.execute(
        f"UPDATE sessions SET revoked_at = {connection.now_sql}, revoked_why = :why"
        f" WHERE user_id = :player_id AND revoked_at IS NULL{which}",
        why=why[:32],
        player_id=player_id,
        session_id=only or keep,
    )


async def _replace_hash(connection: Connection, player_id: int, old: str, new: str) -> bool:
    """Whether the old hash was still there to be replaced: a change that came first is not undone."""
    return bool(
        await connection.execute(
            "UPDATE users SET password_hash = :new WHERE id = :player_id AND password_hash = :old",
            new=new,
            player_id=player_id,
            old=old,
        )
    )


def _account(row: Row) -> Account:
    return Account(
        id=row["user_id"],
        username=row["username"],
        email=row["email"],
        role=row["role"],
        status=row["status"],
        totp_enabled=row["totp_enabled_at"] is not None,
        created_at=row["created_at"],
    )


def _holds(row: Row) -> bool:
    """Whether the session in the row is neither revoked nor expired, nor its account closed."""
    return row["revoked_at"] is None and row["expires_at"] > row["now_at"] and row["status"] != "closed"


def _subject(row: Row | None, name: str) -> str:
    """What failures are counted for: the account, or the name as typed (it may be a mistyped password: hashed)."""
    if row is not None:
        return f"account:{row['user_id']}"
    return "name:" + hashlib.sha256(name.lower().encode(errors="replace")).hexdigest()[:32]


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())


def _check_signup(username: str, email: str, password: str) -> None:
    """Raises `InvalidRequest` that names every field that will not do."""
    errors: list[FieldError] = []
    if not _USERNAME.match(username):
        message = "A name has 3 to 32 letters (A to Z), digits, underscores and hyphens."
        errors.append({"field": "username", "message": message})
    if not _is_email(email):
        errors.append({"field": "email", "message": "This is no e-mail address."})
    if problem := weakness(password, username=username, email=email):
        errors.append({"field": "password", "message": problem})
    if errors:
        raise InvalidRequest("Some fields make no sense.", errors=errors)


def _is_email(text: str) -> bool:
    """Whether it looks like an address; only a letter sent there could tell more."""
    return len(text) <= EMAIL_LENGTH and _EMAIL.fullmatch(text) is not None
