"""Access tokens that are not ours, not for that, or not any more; CSRF tokens of somebody else."""

import base64
import json
import time

import jwt
import pytest

from imperio.accounts.tokens import ACCESS_SECONDS, InvalidToken, Tokens, fingerprint, new_refresh_token

SECRET = "0f" * 32
FORMER = "1e" * 32


class Clock:
    def __init__(self) -> None:
        self.now = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(clock: Clock) -> Tokens:
    return Tokens(SECRET, [FORMER], clock=clock)


def issue(tokens: Tokens) -> str:
    return tokens.issue_access(player_id=17, username="Livia", role="player", session_id="5e" * 16)


def parts(token: str) -> tuple[dict[str, object], dict[str, object]]:
    header, payload, _ = token.split(".")
    return tuple(json.loads(base64.urlsafe_b64decode(part + "==")) for part in (header, payload))


def sealed(
    payload: dict[str, object], key: bytes | None, header: dict[str, object], algorithm: str | None = "HS256"
) -> str:
    return jwt.encode(payload, key, algorithm, headers=header)


def test_says_who_and_for_how_long(tokens: Tokens, clock: Clock) -> None:
    claims = tokens.read_access(issue(tokens))
    assert (claims.player_id, claims.username, claims.role, claims.session_id) == (17, "Livia", "player", "5e" * 16)
    assert claims.expires_at - claims.issued_at == ACCESS_SECONDS == 900
    header, payload = parts(issue(tokens))
    assert header["alg"] == "HS256" and header["kid"]
    assert {"iss", "aud", "sub", "sid", "jti", "iat", "exp", "typ", "role", "name"} == set(payload)
    assert payload["sub"] == "17" and payload["typ"] == "access"


def test_runs_out_also_when_it_was_seen_before(tokens: Tokens, clock: Clock) -> None:
    token = issue(tokens)
    clock.now += ACCESS_SECONDS - 1
    tokens.read_access(token)
    clock.now += 1
    with pytest.raises(InvalidToken):
        tokens.read_access(token)


def test_former_secret_still_verifies_but_does_not_sign(tokens: Tokens, clock: Clock) -> None:
    old = issue(Tokens(FORMER, clock=clock))
    assert tokens.read_access(old).player_id == 17
    assert parts(issue(tokens))[0]["kid"] != parts(old)[0]["kid"]
    with pytest.raises(InvalidToken):
        Tokens(SECRET, clock=clock).read_access(old)


@pytest.mark.parametrize(
    ("claim", "value"),
    [("iss", "elsewhere"), ("aud", "elsewhere"), ("typ", "refresh"), ("sub", "x"), ("sub", 17), ("exp", "later")],
)
def test_one_wrong_claim_is_enough(tokens: Tokens, claim: str, value: object) -> None:
    header, payload = parts(issue(tokens))
    good = sealed(payload, tokens._current.access, {"kid": header["kid"]})
    assert tokens.read_access(good).player_id == 17
    with pytest.raises(InvalidToken):
        tokens.read_access(sealed(payload | {claim: value}, tokens._current.access, {"kid": header["kid"]}))


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "sid", "jti", "iat", "exp", "typ", "role", "name"])
def test_every_claim_is_required(tokens: Tokens, claim: str) -> None:
    header, payload = parts(issue(tokens))
    del payload[claim]
    with pytest.raises(InvalidToken):
        tokens.read_access(sealed(payload, tokens._current.access, {"kid": header["kid"]}))


def test_algorithm_is_pinned(tokens: Tokens) -> None:
    header, payload = parts(issue(tokens))
    kid = {"kid": header["kid"]}
    with pytest.raises(InvalidToken):
        tokens.read_access(sealed(payload, None, kid, None))
    with pytest.raises(InvalidToken):
        tokens.read_access(sealed(payload, tokens._current.access * 2, kid, "HS512"))


def test_a_signature_has_one_spelling(tokens: Tokens) -> None:
    token = issue(tokens)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    next_letter = alphabet[alphabet.index(token[-1]) + 1]  # differs in bits that a decoder throws away
    for spelling in (token[:-1] + next_letter, token + "=", token + "!!!!", f"{token[:-1]}\n{token[-1]}", token + "\n"):
        with pytest.raises(InvalidToken):
            tokens.read_access(spelling)


@pytest.mark.parametrize("header", [{}, {"kid": "00000000"}, {"kid": "../../etc/passwd"}])
def test_unknown_key_is_refused(tokens: Tokens, header: dict[str, object]) -> None:
    _, payload = parts(issue(tokens))
    with pytest.raises(InvalidToken):
        tokens.read_access(sealed(payload, tokens._current.access, header))


def test_keys_of_other_purposes_do_not_sign(tokens: Tokens) -> None:
    header, payload = parts(issue(tokens))
    for key in (tokens._current.csrf, SECRET.encode()):
        with pytest.raises(InvalidToken):
            tokens.read_access(sealed(payload, key, {"kid": header["kid"]}))


@pytest.mark.parametrize("rubbish", ["", ".", "..", "a.b.c", "é.é.é", "\0", "x" * 100_000, "eyJhbGciOlt9.e30.e30"])
def test_rubbish_is_refused(tokens: Tokens, rubbish: str) -> None:
    with pytest.raises(InvalidToken):
        tokens.read_access(rubbish)


def test_each_changed_character_of_the_signature_is_noticed(tokens: Tokens) -> None:
    token = issue(tokens)
    start = token.rindex(".") + 1
    for index in range(start, len(token) - 1):  # the last one has two bits that mean nothing
        other = "A" if token[index] != "A" else "B"
        with pytest.raises(InvalidToken):
            tokens.read_access(token[:index] + other + token[index + 1 :])


def test_remembers_only_so_many(tokens: Tokens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imperio.accounts.tokens._REMEMBERED", 3)
    issued = [issue(tokens) for _ in range(5)]
    for token in issued:
        tokens.read_access(token)
    assert list(tokens._verified) == issued[-3:]


def test_seen_tokens_are_cheap(tokens: Tokens) -> None:
    token = issue(tokens)
    tokens.read_access(token)
    started = time.perf_counter()
    for _ in range(1000):
        tokens.read_access(token)
    assert time.perf_counter() - started < 0.02  # 20 µs each would be verifying anew


def test_csrf_token_belongs_to_its_subject(tokens: Tokens, clock: Clock) -> None:
    token = tokens.csrf_token("me")
    assert tokens.is_csrf_token(token, "me")
    assert not tokens.is_csrf_token(token, "you")
    assert token != tokens.csrf_token("me"), "salted, so that compressing pages tells nothing"
    assert not Tokens(FORMER, clock=clock).is_csrf_token(token, "me")
    assert tokens.is_csrf_token(Tokens(FORMER, clock=clock).csrf_token("me"), "me")
    for rubbish in ("", ".", token[:-1], token + "x", "é" + token, token.replace(".", "")):
        assert not tokens.is_csrf_token(rubbish, "me")


def test_refresh_tokens_are_random_and_stored_as_hashes() -> None:
    made = {new_refresh_token() for _ in range(100)}
    assert len(made) == 100
    assert all(len(token) >= 43 and len(fingerprint(token)) == 64 for token in made)
