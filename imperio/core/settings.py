"""Settings: read once from `IMPERIO_*`, frozen, documented in `docs/settings.md`."""

import secrets
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

MIN_SECRET_LENGTH: Final = 32  # 256 bits of hex at the least, the size of the HMAC's key
# What was copied from a page as it stood holds such a word.
EXAMPLE_WORDS: Final = (
    *("change-me", "change_me", "changeme", "change-this", "change_this", "changethis"),
    *("example", "placeholder", "insecure"),
)
# What people type: it counts for nothing, the rest of the secret has to do.
GUESSED_FIRST: Final = ("secret", "password", "development", "0123456", "1234567", "abcdefg")
_REDIS_SCHEMES: Final = ("redis", "rediss", "unix")
CommaList = Annotated[tuple[str, ...], NoDecode]


class BadSettings(Exception):
    """The environment asks for something the casino refuses to run with; the text names the variable."""


class Settings(BaseSettings):
    """Everything that can be set from outside. Times are in seconds unless the name says otherwise."""

    model_config = SettingsConfigDict(env_prefix="IMPERIO_", frozen=True, extra="ignore", env_ignore_empty=True)

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(5011, ge=0, le=65535, description="Port to listen on.")
    env: Literal["development", "production"] = Field(
        "development", description="`production` refuses unsafe settings."
    )
    data_dir: Path = Field(Path("var"), description="Where SQLite's file and the development secret live.")
    database_url: str = Field(
        "", description="`postgres://user@host:port/name` or `sqlite:///path`; empty: a file in the data directory."
    )
    database_pool: int = Field(10, ge=2, le=100, description="PostgreSQL connections per worker.")
    redis_url: str = Field(
        "", description="`redis://host:port/db`, one for each casino; empty: in-process cache and bus."
    )
    workers: int = Field(1, ge=1, le=64, description="Worker processes; more than one needs PostgreSQL and Redis.")
    secret_key: SecretStr = Field(
        SecretStr(""), description="Signing secret, at least 32 characters. Made and kept in development."
    )
    old_secret_keys: CommaList = Field((), description="Former secrets, comma separated: still accepted for tokens.")
    rate_limits: Literal["on", "off"] = Field("on", description="`off` for load tests; refused in production.")
    rate_factor: float = Field(
        1.0, ge=0.1, le=1e6, description="Makes every rate limit this many times as wide, e.g. behind a shared address."
    )
    public_url: str = Field("", description="The site's address as players see it, e.g. `https://casino.example`.")
    trusted_proxies: CommaList = Field(
        (), description="Addresses of reverse proxies whose X-Forwarded-For is believed, comma separated."
    )
    metrics_token: SecretStr = Field(
        SecretStr(""), description="Bearer token for /metrics; without one it answers only the machine itself."
    )
    metrics_dir: Path | None = Field(
        None, description="Where workers keep the numbers they share; `serve` makes one for several workers."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged.")
    log_format: Literal["json", "text"] = Field("json", description="One JSON object a line, or text for people.")
    debug: bool = Field(False, description="Quart's debug mode; refused in production.")

    @field_validator("old_secret_keys", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _refuse_unsafe(self) -> Self:
        if self.database_url and self.dialect not in ("postgres", "sqlite"):
            raise ValueError("IMPERIO_DATABASE_URL must begin with postgres:// or sqlite://")
        if ":memory:" in self.database_url:
            raise ValueError("IMPERIO_DATABASE_URL must name a file: a database in memory forgets every coin")
        if self.redis_url and urlsplit(self.redis_url).scheme not in _REDIS_SCHEMES:
            raise ValueError("IMPERIO_REDIS_URL must begin with redis://, rediss:// or unix://")
        _check_port("IMPERIO_DATABASE_URL", self.database_url)
        _check_port("IMPERIO_REDIS_URL", self.redis_url)
        if self.workers > 1 and (self.dialect == "sqlite" or not self.redis_url):
            raise ValueError("IMPERIO_WORKERS above 1 needs PostgreSQL (IMPERIO_DATABASE_URL) and IMPERIO_REDIS_URL")
        if self.env == "production":
            self._refuse_in_production()
        elif not self.secret_key.get_secret_value():
            # Frozen for everybody else; this is the one moment the object is still being made.
            object.__setattr__(self, "secret_key", SecretStr(_kept_secret(self.data_dir)))
        return self

    def _refuse_in_production(self) -> None:
        secret = self.secret_key.get_secret_value()
        if not secret:
            raise ValueError("IMPERIO_SECRET_KEY is missing; make one with: openssl rand -hex 32")
        _check_secret("IMPERIO_SECRET_KEY", secret)
        for former in self.old_secret_keys:
            _check_secret("IMPERIO_OLD_SECRET_KEYS", former)  # a token signed with it is taken like any other
        if self.debug:
            raise ValueError("IMPERIO_DEBUG must be off in production")
        if self.rate_limits == "off":
            raise ValueError("IMPERIO_RATE_LIMITS=off is for load tests and refused in production")

    @property
    def dialect(self) -> str:
        scheme = urlsplit(self.database_url).scheme
        return {"": "sqlite", "postgresql": "postgres"}.get(scheme, scheme)

    @property
    def sqlite_path(self) -> Path:
        """The SQLite file; relative paths are taken from the working directory."""
        named = self.database_url.removeprefix("sqlite://").split("?")[0]
        return Path(named) if named else self.data_dir / "imperio.sqlite3"

    @property
    def secure(self) -> bool:
        """Whether players come over TLS: cookies become `__Host-` and Secure, HSTS is sent."""
        return self.public_url.startswith("https://") or (self.env == "production" and not self.public_url)

    @property
    def limits_on(self) -> bool:
        return self.rate_limits == "on"


def load_settings(**overrides: object) -> Settings:
    """Settings from the environment, overridden by keyword (command-line flags, tests).

    Raises `BadSettings` with one readable line.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic validates what the caller gives
    except ValidationError as error:
        lines = []
        for problem in error.errors():
            name = "IMPERIO_" + "_".join(str(part) for part in problem["loc"]).upper()
            message = problem["msg"].removeprefix("Value error, ")
            lines.append(message if message.startswith("IMPERIO_") else f"{name}: {message}")
        raise BadSettings("; ".join(lines)) from None


def _check_secret(name: str, secret: str) -> None:
    """Raises `ValueError` for a secret that somebody could guess."""
    if len(secret) < MIN_SECRET_LENGTH:
        raise ValueError(f"{name} is too short; at least {MIN_SECRET_LENGTH} characters")
    counted = secret.lower()
    for word in GUESSED_FIRST:
        counted = counted.replace(word, "")
    repeats = secret in (secret + secret)[1:-1]
    is_example = any(word in secret.lower() for word in EXAMPLE_WORDS)
    if is_example or repeats or len(counted) < MIN_SECRET_LENGTH or len(set(counted)) < 8:
        raise ValueError(f"{name} is an example or has a pattern; make one with: openssl rand -hex 32")


def _check_port(name: str, url: str) -> None:
    """Raises `ValueError` for an address whose port is none."""
    try:
        urlsplit(url).port  # noqa: B018  # reading it is the check
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _kept_secret(data_dir: Path) -> str:
    """The development secret, made once and kept readable by its owner alone."""
    path = data_dir / "secret_key"
    if path.exists():
        return path.read_text().strip()
    data_dir.mkdir(parents=True, exist_ok=True)
    secret = secrets.token_hex(32)
    path.touch(mode=0o600)
    path.write_text(secret + "\n")
    return secret
