"""Settings: what production refuses, what an empty variable means."""

import secrets
from pathlib import Path

import pytest

from imperio.core.settings import BadSettings, load_settings

# Any that is random; written down, since tests are named by what they are given.
GOOD = "21af15d0b6d6a72d6d0bbb458aed1f2a1065f410cc48f1c1cafc3ad72e267579"


@pytest.mark.parametrize(
    "secret",
    [
        "f3" * 15,
        "9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d" * 2,
        "secret-password-secret-0123456789abcdef",
        "my-very-own-secret-for-development",
        "Example-" + GOOD,
        "abababababababababababababababababac",
    ],
)
def test_production_refuses_secrets_that_can_be_guessed(secret: str) -> None:
    with pytest.raises(BadSettings, match="^IMPERIO_SECRET_KEY ") as refused:
        load_settings(env="production", secret_key=secret)
    assert secret not in str(refused.value)
    with pytest.raises(BadSettings, match="^IMPERIO_OLD_SECRET_KEYS "):
        load_settings(env="production", secret_key=GOOD, old_secret_keys=secret)


def test_production_takes_random_secrets() -> None:
    for secret in (secrets.token_hex(16), secrets.token_hex(32), secrets.token_urlsafe(32), f"secret-{GOOD}"):
        assert load_settings(env="production", secret_key=secret, old_secret_keys=GOOD).env == "production"


def test_an_empty_variable_is_the_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (
        "HOST",
        "PORT",
        "ENV",
        "WORKERS",
        "DATA_DIR",
        "DATABASE_URL",
        "REDIS_URL",
        "SECRET_KEY",
        "RATE_LIMITS",
    ):
        monkeypatch.setenv(f"IMPERIO_{name}", "")
    settings = load_settings()
    assert (settings.host, settings.port, settings.env, settings.workers) == ("127.0.0.1", 5011, "development", 1)
    assert (settings.data_dir, settings.rate_limits) == (Path("var"), "on")
    monkeypatch.setenv("IMPERIO_ENV", "production")
    with pytest.raises(BadSettings, match="IMPERIO_SECRET_KEY is missing"):
        load_settings()
