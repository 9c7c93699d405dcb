"""The contract's accounts calls over HTTP: bodies, statuses, codes, and what ends when."""

import base64
import json
import re
import time
from typing import Any

import jwt
import pyotp
import pytest
from quart.typing import TestClientProtocol

from imperio.accounts.tokens import Tokens
from imperio.app import Casino
from tests.accounts.people import PASSWORD, Person, new_name, sign_up

SIGNUP = "/api/v1/auth/signup"
LOGIN = "/api/v1/auth/login"
REFRESH = "/api/v1/auth/refresh"
LOGOUT = "/api/v1/auth/logout"
ME = "/api/v1/me"


async def post(client: TestClientProtocol, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    """Status and parsed answer of a JSON post."""
    content = {} if body is None else {"json": body}
    response = await client.post(path, headers=headers, **content)
    return response.status_code, await response.get_json() if response.status_code != 204 else None


async def me(client: TestClientProtocol, access: str) -> int:
    return (await client.get(ME, headers={"Authorization": f"Bearer {access}"})).status_code


def signup_body(**changes: Any) -> dict[str, Any]:
    name = new_name()
    return {"username": name, "email": f"{name}@example.org", "password": PASSWORD} | changes


class TestSignup:
    async def test_answers_the_player_and_tokens(self, client: TestClientProtocol) -> None:
        body = signup_body()
        response = await client.post(SIGNUP, json=body)
        answer = await response.get_json()
        assert response.status_code == 201
        assert set(answer) == {"user", "access_token", "refresh_token", "token_type", "expires_in"}
        assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 900)
        user = answer["user"]
        assert set(user) == {"id", "username", "email", "coins", "role", "status", "created_at"}
        assert isinstance(user["id"], str) and user["coins"] == 1000
        assert (user["username"], user["email"]) == (body["username"], body["email"])
        assert (user["role"], user["status"]) == ("player", "active")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", user["created_at"])
        assert "Set-Cookie" not in response.headers, "JSON calls set no cookies"

    async def test_taken(self, client: TestClientProtocol, person: Person) -> None:
        status, answer = await post(client, SIGNUP, signup_body(username=person.username.upper()))
        assert (status, answer["code"]) == (409, "username_taken")
        status, answer = await post(client, SIGNUP, signup_body(email=f"{person.username}@EXAMPLE.org"))
        assert (status, answer["code"]) == (409, "email_taken")

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"username": "ab"}, "username"),
            ({"username": 12345}, "username"),
            ({"username": None}, "username"),
            ({"email": "nobody"}, "email"),
            ({"email": ["a@b.c"]}, "email"),
            ({"password": "short"}, "password"),
            ({"password": "password123"}, "password"),
            ({"password": 1234567890123}, "password"),
            ({"password": "x" * 129}, "password"),
            ({"role": "admin"}, "role"),
            ({"coins": 1_000_000}, "coins"),
            ({"status": "active"}, "status"),
            ({"id": "1"}, "id"),
        ],
    )
    async def test_nonsense_and_more_than_was_asked(
        self, client: TestClientProtocol, change: dict[str, Any], field: str
    ) -> None:
        body = signup_body(**change)
        status, answer = await post(client, SIGNUP, body)
        assert status == 422 and answer["status"] == 422
        assert [error["field"] for error in answer["errors"]] == [field]
        assert PASSWORD not in json.dumps(answer), "what was typed is not echoed"
        login = await client.post(LOGIN, json={"username": str(body["username"]), "password": str(body["password"])})
        assert login.status_code == 401, "nothing was made"

    @pytest.mark.parametrize("missing", ["username", "email", "password"])
    async def test_missing_fields(self, client: TestClientProtocol, missing: str) -> None:
        body = signup_body()
        del body[missing]
        status, answer = await post(client, SIGNUP, body)
        assert (status, answer["errors"][0]["field"]) == (422, missing)


class TestBodies:
    @pytest.mark.parametrize("path", [SIGNUP, LOGIN, REFRESH])
    async def test_what_cannot_be_parsed(self, client: TestClientProtocol, path: str) -> None:
        for raw in (b"{", b'{"stake": NaN}', b"\xff\xfe", b"{'a': 1}", b'{"a": NaN', b"[" * 10_000):
            response = await client.post(path, data=raw, headers={"Content-Type": "application/json"})
            problem = await response.get_json()
            assert (response.status_code, problem["code"]) == (400, "malformed_body"), raw[:20]
            assert response.mimetype == "application/problem+json"

    async def test_another_type(self, client: TestClientProtocol) -> None:
        for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml"):
            response = await client.post(SIGNUP, data=json.dumps(signup_body()), headers={"Content-Type": kind})
            assert response.status_code == 415

    async def test_too_large(self, client: TestClientProtocol) -> None:
        response = await client.post(SIGNUP, json=signup_body(password="x" * 70_000))
        assert response.status_code == 413

    @pytest.mark.parametrize("body", [[], "text", 7, None, True])
    async def test_not_an_object(self, client: TestClientProtocol, body: object) -> None:
        raw = json.dumps(body)
        response = await client.post(SIGNUP, data=raw, headers={"Content-Type": "application/json"})
        assert response.status_code == 422

    async def test_a_call_without_a_body_takes_none(self, client: TestClientProtocol, person: Person) -> None:
        status, answer = await post(client, LOGOUT, {"everywhere": True}, **person.bearer)
        assert (status, answer["errors"][0]["field"]) == (422, "everywhere")
        assert await me(client, person.access) == 200


class TestLogin:
    async def test_by_name_and_by_address(self, client: TestClientProtocol, person: Person) -> None:
        for name in (person.username.lower(), f"{person.username}@example.org".upper()):
            status, answer = await post(client, LOGIN, {"username": name, "password": PASSWORD})
            assert status == 200 and answer["user"] == person.user
            assert await me(client, answer["access_token"]) == 200

    async def test_the_same_answer_for_whatever_is_wrong(self, client: TestClientProtocol, person: Person) -> None:
        wrong = await post(client, LOGIN, {"username": person.username, "password": "a palace at noon"})
        unknown = await post(client, LOGIN, {"username": new_name(), "password": PASSWORD})
        assert wrong == unknown and wrong[0] == 401 and wrong[1]["code"] == "invalid_credentials"

    async def test_strict_types(self, client: TestClientProtocol, person: Person) -> None:
        for change in ({"password": 5}, {"totp": 123456}, {"remember": True}, {"username": None}):
            status, _ = await post(client, LOGIN, {"username": person.username, "password": PASSWORD} | change)
            assert status == 422

    async def test_second_factor(self, client: TestClientProtocol, casino: Casino) -> None:
        person = await sign_up(client)
        status, answer = await post(client, "/api/v1/auth/totp", {"password": "wrong"}, **person.bearer)
        assert (status, answer["code"]) == (401, "invalid_credentials")
        status, enrolment = await post(client, "/api/v1/auth/totp", {"password": PASSWORD}, **person.bearer)
        assert status == 201 and set(enrolment) == {"secret", "uri"}
        totp = pyotp.TOTP(enrolment["secret"])
        step = int(time.time()) // 30
        confirm = {"code": totp.generate_otp(step)}
        status, codes = await post(client, "/api/v1/auth/totp/confirm", confirm, **person.bearer)
        assert status == 200 and len(codes["recovery_codes"]) == 10
        credentials = {"username": person.username, "password": PASSWORD}
        for totp_field, code in (({}, "totp_required"), ({"totp": None}, "totp_required"), (confirm, "invalid_totp")):
            typed = {"totp": totp_field["code"]} if "code" in totp_field else totp_field
            status, answer = await post(client, LOGIN, credentials | typed)
            assert (status, answer["code"]) == (401, code)
        status, _ = await post(client, LOGIN, credentials | {"totp": totp.generate_otp(step + 1)})
        assert status == 200
        status, _ = await post(client, "/api/v1/auth/totp/disable", {"password": PASSWORD}, **person.bearer)
        assert status == 204
        assert (await post(client, LOGIN, credentials))[0] == 200

    async def test_closed(self, client: TestClientProtocol, casino: Casino, person: Person) -> None:
        await casino.accounts.set_status(person.id, "closed")
        status, answer = await post(client, LOGIN, {"username": person.username, "password": PASSWORD})
        assert (status, answer["code"]) == (403, "account_closed")

    async def test_frozen_sees_its_things(self, client: TestClientProtocol, casino: Casino, person: Person) -> None:
        await casino.accounts.freeze(person.id)
        assert await me(client, person.access) == 401, "tokens from before are worth nothing"
        status, answer = await post(client, LOGIN, {"username": person.username, "password": PASSWORD})
        assert status == 200 and answer["user"]["status"] == "frozen"
        assert await me(client, answer["access_token"]) == 200


class TestRefresh:
    async def test_rotates(self, client: TestClientProtocol, person: Person) -> None:
        status, answer = await post(client, REFRESH, {"refresh_token": person.refresh})
        assert status == 200 and set(answer) == {"user", "access_token", "refresh_token", "token_type", "expires_in"}
        assert answer["refresh_token"] != person.refresh
        assert await me(client, answer["access_token"]) == await me(client, person.access) == 200

    async def test_twice_ends_the_family_access_tokens_included(
        self, client: TestClientProtocol, person: Person
    ) -> None:
        _, fresh = await post(client, REFRESH, {"refresh_token": person.refresh})
        status, answer = await post(client, REFRESH, {"refresh_token": person.refresh})
        assert (status, answer["code"]) == (401, "not_authenticated")
        assert await me(client, fresh["access_token"]) == await me(client, person.access) == 401
        assert (await post(client, REFRESH, {"refresh_token": fresh["refresh_token"]}))[0] == 401

    async def test_other_tokens_do_not_refresh(self, client: TestClientProtocol, person: Person) -> None:
        for token in (person.access, "", "x" * 43):
            assert (await post(client, REFRESH, {"refresh_token": token}))[0] == 401
        assert (await post(client, REFRESH, {}))[0] == 401
        assert (await post(client, REFRESH))[0] == 401
        assert (await post(client, REFRESH, {"refresh_token": 7}))[0] == 422
        assert await me(client, person.access) == 200

    async def test_a_refresh_token_is_no_access_token(self, client: TestClientProtocol, person: Person) -> None:
        assert await me(client, person.refresh) == 401


class TestLogout:
    async def test_ends_both_tokens(self, client: TestClientProtocol, person: Person) -> None:
        assert await post(client, LOGOUT, **person.bearer) == (204, None)
        assert await me(client, person.access) == 401
        assert (await post(client, REFRESH, {"refresh_token": person.refresh}))[0] == 401
        assert (await post(client, LOGOUT, **person.bearer))[0] == 401

    async def test_leaves_other_logins(self, client: TestClientProtocol, person: Person) -> None:
        _, other = await post(client, LOGIN, {"username": person.username, "password": PASSWORD})
        await post(client, LOGOUT, **person.bearer)
        assert await me(client, other["access_token"]) == 200


class TestAccessTokens:
    async def test_forged_and_expired(self, client: TestClientProtocol, casino: Casino, person: Person) -> None:
        header, payload, seal = person.access.split(".")
        said = json.loads(base64.urlsafe_b64decode(payload + "=="))
        kid = json.loads(base64.urlsafe_b64decode(header + "=="))["kid"]
        secret = casino.settings.secret_key.get_secret_value()
        late = Tokens(secret, clock=lambda: time.time() - 901)
        expired = late.issue_access(
            player_id=person.id, username=person.username, role="player", session_id=said["sid"]
        )
        raised = base64.urlsafe_b64encode(json.dumps(said | {"role": "admin"}).encode()).decode().rstrip("=")
        forged = [
            expired,
            jwt.encode(said, None, "none", headers={"kid": kid}),
            jwt.encode(said, "f" * 64, "HS256", headers={"kid": kid}),
            jwt.encode(said, secret, "HS256", headers={"kid": kid}),
            jwt.encode(said, "f" * 64, "HS256", headers={"kid": "deadbeef"}),
            f"{header}.{raised}.{seal}",
            f"{header}.{payload}.",
            f"{header}.{payload}",
            "undefined",
            "",
        ]
        assert await me(client, person.access) == 200
        for token in forged:
            response = await client.get(ME, headers={"Authorization": f"Bearer {token}"})
            problem = await response.get_json()
            assert (response.status_code, problem["code"]) == (401, "not_authenticated"), token
            assert response.headers["WWW-Authenticate"].startswith("Bearer")

    async def test_a_token_for_somebody_elses_session(
        self, client: TestClientProtocol, casino: Casino, person: Person
    ) -> None:
        other = await sign_up(client)
        (session,) = await casino.accounts.list_sessions(other.id)
        mixed = casino.tokens.issue_access(
            player_id=person.id, username=person.username, role="player", session_id=session.id
        )
        assert await me(client, mixed) == 401

    async def test_without_and_with_other_schemes(self, client: TestClientProtocol, person: Person) -> None:
        for value in ("", person.access, f"Basic {person.access}", f"Token {person.access}"):
            assert (await client.get(ME, headers={"Authorization": value})).status_code == 401
        assert (await client.get(ME, headers={"Authorization": f"bearer  {person.access}"})).status_code == 200

    async def test_not_in_the_address(self, client: TestClientProtocol, person: Person) -> None:
        response = await client.get(f"{ME}?access_token={person.access}&token={person.access}")
        assert response.status_code == 401


class TestAccount:
    async def test_password(self, client: TestClientProtocol, person: Person) -> None:
        _, other = await post(client, LOGIN, {"username": person.username, "password": PASSWORD})
        body = {"current_password": PASSWORD, "new_password": "a palace at dawn"}
        status, answer = await post(
            client, "/api/v1/auth/password", body | {"new_password": "qwertyuiop"}, **person.bearer
        )
        assert (status, answer["errors"][0]["field"]) == (422, "new_password")
        status, answer = await post(client, "/api/v1/auth/password", body | {"current_password": "x"}, **person.bearer)
        assert (status, answer["code"]) == (401, "invalid_credentials")
        assert (await post(client, "/api/v1/auth/password", body, **person.bearer))[0] == 204
        assert await me(client, person.access) == 200 and await me(client, other["access_token"]) == 401

    async def test_sessions(self, client: TestClientProtocol, person: Person) -> None:
        _, other = await post(client, LOGIN, {"username": person.username, "password": PASSWORD})
        response = await client.get("/api/v1/auth/sessions", headers=person.bearer)
        newest, oldest = (await response.get_json())["sessions"]
        assert (newest["current"], oldest["current"]) == (False, True)
        stranger = await sign_up(client)
        path = f"/api/v1/auth/sessions/{newest['id']}"
        assert (await client.delete(path, headers=stranger.bearer)).status_code == 404
        assert (await client.delete(path, headers=person.bearer)).status_code == 204
        assert (await client.delete(path, headers=person.bearer)).status_code == 404
        assert await me(client, other["access_token"]) == 401
        _, third = await post(client, LOGIN, {"username": person.username, "password": PASSWORD})
        assert (await client.delete("/api/v1/auth/sessions", headers=person.bearer)).status_code == 204
        assert await me(client, third["access_token"]) == 401 and await me(client, person.access) == 200


async def test_no_secret_reaches_the_log(
    client: TestClientProtocol, person: Person, capfd: pytest.CaptureFixture[str]
) -> None:
    await post(client, LOGIN, {"username": person.username, "password": PASSWORD})
    await post(client, LOGIN, {"username": person.username, "password": "a palace at noon"})
    _, fresh = await post(client, REFRESH, {"refresh_token": person.refresh})
    await post(client, REFRESH, {"refresh_token": person.refresh})
    written = "".join(capfd.readouterr())
    assert "logged_in" in written and "refresh_token_reused" in written
    for secret in (PASSWORD, "a palace at noon", person.refresh, person.access, fresh["access_token"]):
        assert secret not in written
