"""Which passwords are refused, and how they are kept."""

from collections.abc import Iterator

import pytest

from imperio.accounts.passwords import Passwords, common_passwords, weakness


@pytest.fixture(scope="module")
def passwords() -> Iterator[Passwords]:
    made = Passwords()
    yield made
    made.close()


@pytest.mark.parametrize("password", ["short", "9 letters", "", "x" * 129, "password123", "QWERTYUIOP", "1234567890"])
def test_weak_ones_are_refused(password: str) -> None:
    assert weakness(password, username="Livia", email="livia@example.org")


@pytest.mark.parametrize("password", ["LiviaDrusilla", "livia@EXAMPLE.org"])
def test_name_and_address_are_no_passwords(password: str) -> None:
    assert weakness(password, username="liviadrusilla", email="livia@example.org")


@pytest.mark.parametrize(
    "password", ["ten chars!", "only lower case words", "x7#" * 42 + "ab", "пароль-из-слов", "🎲" * 10]
)
def test_no_rules_of_composition(password: str) -> None:
    assert weakness(password, username="Livia", email="livia@example.org") is None


def test_the_list_holds_what_everybody_tries() -> None:
    known = common_passwords()
    assert len(known) > 3000
    assert all(len(word) >= 10 and word == word.lower() for word in known)
    assert {"password1234", "qwertyuiop", "iloveyou123", "1q2w3e4r5t", "aaaaaaaaaa", "administrator"} <= known


async def test_argon2id_with_owasp_parameters(passwords: Passwords) -> None:
    stored = await passwords.hash("a palace at night")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$") and len(stored) <= 200
    assert await passwords.verify(stored, "a palace at night")
    assert not await passwords.verify(stored, "a palace at noon")
    assert not passwords.is_outdated(stored)


async def test_same_letters_from_different_keyboards(passwords: Passwords) -> None:
    assert await passwords.verify(await passwords.hash("cafe\u0301 at night"), "caf\u00e9 at night")


async def test_other_parameters_are_outdated_but_verify(passwords: Passwords) -> None:
    weaker = Passwords(memory_kib=8192, passes=1)
    stored = await weaker.hash("a palace at night")
    weaker.close()
    assert passwords.is_outdated(stored)
    assert await passwords.verify(stored, "a palace at night")


async def test_unknown_users_cost_a_hash_and_never_match(passwords: Passwords, monkeypatch: pytest.MonkeyPatch) -> None:
    worked: list[str] = []
    original = passwords._matches

    def matches(stored: str, typed: str) -> bool:
        worked.append(stored)
        return original(stored, typed)

    monkeypatch.setattr(passwords, "_matches", matches)
    assert not await passwords.verify(None, "nobody has this password")
    assert worked and worked[0].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_a_broken_hash_matches_nothing(passwords: Passwords) -> None:
    assert not await passwords.verify("not a hash", "a palace at night")
