"""The guard of every route: who gets in, in which order requests are refused, and what each route declares."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import BaseModel
from quart import Blueprint, Quart, Response, request
from quart.typing import TestClientProtocol
from quart_schema import QuartSchema
from werkzeug.datastructures import Headers

from imperio.accounts.access import Access, Auth, Caller, Policy, own_path
from imperio.accounts.openapi import ApiDescription, security_schemes
from imperio.app import Casino
from imperio.core.errors import AppError
from imperio.core.jsonio import loads
from imperio.core.rates import MemoryLimiter, NoLimiter, Rate
from imperio.core.settings import Settings, load_settings
from imperio.core.web import MAX_BODY, Body, Query, register_errors
from tests.accounts.people import Person, sign_up

ANY = Rate("any", 1000, 1.0, 1000)
SCARCE = Rate("scarce", 1, 3600.0, 2)


class Number(Body):
    """A number."""

    number: int


class Filter(Query):
    """A filter."""

    limit: int = 10


class Answer(BaseModel):
    """What was understood."""

    number: int


class Odd(AppError):
    status = 409
    code = "odd"
    title = "Odd numbers are no numbers"


def probe_app(settings: Settings, casino: Casino, limiter: Any) -> Quart:
    """An application of nothing but guarded routes."""
    app = Quart("probe")
    app.secret_key = "test"
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY, TRUSTED_PROXIES=frozenset())
    access = Access(settings, casino.accounts, casino.tokens, limiter)
    QuartSchema(app, openapi_provider_class=ApiDescription, security_schemes=security_schemes(access.cookies))
    register_errors(app)
    access.register(app)
    bp = Blueprint("probe", __name__, url_prefix="/api/v1/probe")

    for auth in Auth:
        rate = SCARCE if auth in (Auth.PUBLIC, Auth.PLAYER) else ANY

        async def who(caller: Caller | None = None) -> dict[str, str | None]:
            return {"who": caller.username if caller else None}

        who.__name__ = f"who_{auth.value}"
        for method in ("GET", "POST"):
            who.__name__ = f"who_{auth.value}_{method.lower()}"
            access.endpoint(bp, method, f"/{auth.value}", auth=auth, rate=rate)(who)

    @access.endpoint(
        bp,
        "POST",
        "/numbers/<name>",
        auth=Auth.PLAYER,
        rate=ANY,
        body=Number,
        query=Filter,
        answer=Answer,
        status=201,
        errors=(Odd,),
        summary="Take a number.",
    )
    async def number(caller: Caller, body: Number, query: Filter, name: str) -> Answer:
        assert name == "seven" and query.limit in (10, 20)
        if body.number % 2:
            raise Odd
        return Answer(number=body.number)

    @access.endpoint(bp, "GET", "/raw", auth=Auth.PUBLIC, rate=ANY)
    async def raw() -> Response:
        return Response("as it is", 202)

    app.register_blueprint(bp)
    pages = Blueprint("probe_pages", __name__)

    @access.page(pages, "/private", methods=("GET", "POST"), auth=Auth.PLAYER, rate=ANY)
    async def private(caller: Caller) -> str:
        return f"{caller.username} {access.csrf_token()}"

    @access.page(pages, "/open", methods=("GET", "POST"), auth=Auth.PUBLIC, rate=ANY)
    async def public() -> str:
        return access.csrf_token()

    app.register_blueprint(pages)

    @app.get("/who")
    async def who_is_it() -> dict[str, Any]:
        caller = await access.identify(request.headers, request.cookies)
        return {"who": caller.username if caller else None, "via": caller.via if caller else None}

    return app


@pytest.fixture
async def probe(app_settings: Settings, casino: Casino) -> AsyncIterator[TestClientProtocol]:
    yield probe_app(app_settings, casino, NoLimiter()).test_client()


def cookie(person: Person) -> dict[str, str]:
    return {"Cookie": f"imperio_access={person.access}"}


async def status(client: TestClientProtocol, auth: Auth, headers: dict[str, str]) -> int:
    response = await client.get(f"/api/v1/probe/{auth.value}", headers=headers)
    return response.status_code


class TestWhoGetsIn:
    async def test_visitors(self, probe: TestClientProtocol) -> None:
        seen = {auth: await status(probe, auth, {}) for auth in Auth}
        assert seen == {
            Auth.PUBLIC: 200,
            Auth.OPTIONAL: 200,
            Auth.PLAYER: 401,
            Auth.CLAIMED: 401,
            Auth.MODERATOR: 401,
            Auth.ADMIN: 401,
        }

    async def test_roles(self, probe: TestClientProtocol, casino: Casino, person: Person) -> None:
        for role, passes in (("player", 0), ("moderator", 1), ("admin", 2)):
            await casino.accounts.set_role(person.id, role)  # type: ignore[arg-type]  # the three roles
            login = await casino.accounts.login(person.username, "a palace at night")
            headers = {"Authorization": f"Bearer {login.access_token}"}
            seen = [await status(probe, auth, headers) for auth in (Auth.PLAYER, Auth.MODERATOR, Auth.ADMIN)]
            assert seen == [200, *([200] * passes), *([403] * (2 - passes))]

    async def test_a_token_that_claims_a_role_is_not_believed(
        self, probe: TestClientProtocol, casino: Casino, person: Person
    ) -> None:
        (session,) = await casino.accounts.list_sessions(person.id)
        claims = {"player_id": person.id, "username": person.username, "session_id": session.id}
        stale = casino.tokens.issue_access(role="admin", **claims)  # type: ignore[arg-type]
        assert await status(probe, Auth.ADMIN, {"Authorization": f"Bearer {stale}"}) == 403

    async def test_a_bad_bearer_token_counts_more_than_a_good_cookie(
        self, probe: TestClientProtocol, person: Person
    ) -> None:
        headers = cookie(person) | {"Authorization": "Bearer nonsense"}
        assert await status(probe, Auth.PLAYER, cookie(person)) == 200
        assert await status(probe, Auth.PLAYER, headers) == 401
        assert await status(probe, Auth.OPTIONAL, headers) == 401
        assert await status(probe, Auth.PUBLIC, headers) == 200

    async def test_an_ended_session(self, probe: TestClientProtocol, casino: Casino, person: Person) -> None:
        await casino.accounts.revoke_sessions(person.id, "test")
        assert await status(probe, Auth.PLAYER, person.bearer) == 401
        assert await status(probe, Auth.OPTIONAL, person.bearer) == 401
        assert await status(probe, Auth.PLAYER, cookie(person)) == 401
        assert await status(probe, Auth.OPTIONAL, cookie(person)) == 200, "a stale cookie is a visitor"
        assert await status(probe, Auth.CLAIMED, person.bearer) == 200, "the posting's own read finds out"

    async def test_identify(self, probe: TestClientProtocol, casino: Casino, person: Person) -> None:
        async def who(headers: dict[str, str]) -> tuple[int, Any]:
            response = await probe.get("/who", headers=headers)
            return response.status_code, await response.get_json()

        assert await who({}) == (200, {"who": None, "via": None})
        assert await who(person.bearer) == (200, {"who": person.username, "via": "bearer"})
        assert await who(cookie(person)) == (200, {"who": person.username, "via": "cookie"})
        assert (await who({"Authorization": "Bearer x"}))[0] == 401
        caller = await casino.access.authenticate_token(person.access)
        assert (caller.player_id, caller.username, caller.via) == (person.id, person.username, "bearer")
        await casino.accounts.revoke_sessions(person.id, "test")
        assert (await who(person.bearer))[0] == 401
        assert await who(cookie(person)) == (200, {"who": None, "via": None})


class TestCsrf:
    async def post(self, client: TestClientProtocol, headers: dict[str, str], path: str = "player") -> int:
        return (await client.post(f"/api/v1/probe/{path}", headers=headers)).status_code

    async def token(self, casino: Casino, person: Person) -> str:
        (session,) = await casino.accounts.list_sessions(person.id)
        return casino.tokens.csrf_token(session.id)

    async def test_cookies_need_a_token_and_bearers_do_not(
        self, probe: TestClientProtocol, casino: Casino, person: Person
    ) -> None:
        response = await probe.post("/api/v1/probe/player", headers=cookie(person))
        assert (response.status_code, (await response.get_json())["code"]) == (403, "csrf_failed")
        good = cookie(person) | {"X-CSRF-Token": await self.token(casino, person)}
        for path in ("player", "claimed", "optional"):
            assert await self.post(probe, cookie(person), path) == 403
            assert await self.post(probe, good, path) == 200
            assert await self.post(probe, person.bearer, path) == 200
            assert await self.post(probe, person.bearer | cookie(person), path) == 200

    async def test_somebody_elses_token(
        self, probe: TestClientProtocol, client: TestClientProtocol, casino: Casino, person: Person
    ) -> None:
        other = await sign_up(client)
        planted = {"Cookie": f"imperio_access={person.access}; imperio_anon=mine"}
        for token in (await self.token(casino, other), casino.tokens.csrf_token("mine"), "x", "", "é"):
            assert await self.post(probe, planted | {"X-CSRF-Token": token}) == 403

    @pytest.mark.parametrize(
        ("sent", "expected"),
        [
            ({"Sec-Fetch-Site": "same-origin"}, 200),
            ({"Sec-Fetch-Site": "none"}, 200),
            ({"Sec-Fetch-Site": "same-site"}, 403),
            ({"Sec-Fetch-Site": "cross-site"}, 403),
            ({"Origin": "http://localhost"}, 200),
            ({"Origin": "http://evil.example"}, 403),
            ({"Origin": "http://localhost.evil.example"}, 403),
            ({"Origin": "http://localhost:8080"}, 403),
            ({"Origin": "null"}, 403),
            ({"Origin": "http://["}, 403),
            ({"Origin": "//localhost"}, 403),
            ({"Origin": "ftp://localhost"}, 403),
        ],
    )
    async def test_where_it_came_from(
        self, probe: TestClientProtocol, casino: Casino, person: Person, sent: dict[str, str], expected: int
    ) -> None:
        good = cookie(person) | {"X-CSRF-Token": await self.token(casino, person)}
        assert await self.post(probe, good | sent) == expected

    async def test_the_sites_own_address_when_it_is_known(self, casino: Casino, app_settings: Settings) -> None:
        settings = load_settings(data_dir=app_settings.data_dir, public_url="https://casino.example")
        access = Access(settings, casino.accounts, casino.tokens, NoLimiter())
        assert access.is_own_origin("https://casino.example", "inside:5011")
        assert not access.is_own_origin("http://casino.example", "casino.example")
        assert not access.is_own_origin(None, "casino.example")

    async def test_reading_needs_none(self, probe: TestClientProtocol, person: Person) -> None:
        assert await status(probe, Auth.PLAYER, cookie(person) | {"Sec-Fetch-Site": "cross-site"}) == 200


class TestOrder:
    async def send(self, client: TestClientProtocol, headers: dict[str, str], **content: Any) -> tuple[int, Any]:
        path = content.pop("path", "/api/v1/probe/numbers/seven")
        response = await client.post(path, headers=headers, **content)
        return response.status_code, await response.get_json()

    async def test_each_refusal_before_the_next(
        self, probe: TestClientProtocol, casino: Casino, person: Person
    ) -> None:
        bad = {"Content-Type": "text/plain"}
        assert (await self.send(probe, bad, data=b"x" * (MAX_BODY + 1)))[0] == 413
        assert (await self.send(probe, bad, data=b"{"))[0] == 401
        assert (await self.send(probe, bad | cookie(person), data=b"{"))[0] == 403
        assert (await self.send(probe, bad | person.bearer, data=b"{"))[0] == 415
        json_type = {"Content-Type": "application/json"} | person.bearer
        assert (await self.send(probe, json_type, data=b"{"))[0] == 400
        assert (await self.send(probe, json_type, data=b'{"number": 2.0}'))[0] == 422
        bad_query = "/api/v1/probe/numbers/seven?limit=x"
        assert (await self.send(probe, json_type, data=b'{"number": 2}', path=bad_query))[0] == 422
        assert await self.send(probe, json_type, data=b'{"number": 2}') == (201, {"number": 2})
        assert (await self.send(probe, json_type, data=b'{"number": 3}'))[1]["code"] == "odd"

    @pytest.mark.parametrize("value", ["2.0", '"2"', "true", "null", "1e3", "[]"])
    async def test_numbers_are_strict(self, probe: TestClientProtocol, person: Person, value: str) -> None:
        headers = {"Content-Type": "application/json"} | person.bearer
        code, problem = await self.send(probe, headers, data=f'{{"number": {value}}}'.encode())
        assert (code, problem["errors"][0]["field"]) == (422, "number")

    async def test_answers_as_they_are(self, probe: TestClientProtocol) -> None:
        response = await probe.get("/api/v1/probe/raw")
        assert (response.status_code, await response.get_data(as_text=True)) == (202, "as it is")


class TestRates:
    @pytest.fixture
    def limited(self, app_settings: Settings, casino: Casino) -> TestClientProtocol:
        settings = load_settings(database_url=app_settings.database_url, data_dir=app_settings.data_dir)
        return probe_app(settings, casino, MemoryLimiter()).test_client()

    async def test_per_address_where_nobody_is_logged_in(self, limited: TestClientProtocol, person: Person) -> None:
        seen = [await status(limited, Auth.PUBLIC, headers) for headers in ({}, person.bearer, {})]
        assert seen == [200, 200, 429]
        response = await limited.get("/api/v1/probe/public")
        assert int(response.headers["Retry-After"]) > 3000 and (await response.get_json())["code"] == "rate_limited"

    async def test_per_player(self, limited: TestClientProtocol, client: TestClientProtocol, person: Person) -> None:
        other = await sign_up(client)
        seen = [await status(limited, Auth.PLAYER, person.bearer) for _ in range(3)]
        assert seen == [200, 200, 429]
        assert await status(limited, Auth.PLAYER, other.bearer) == 200

    async def test_a_flood_ends_before_the_database(
        self, limited: TestClientProtocol, person: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("imperio.accounts.access.FLOOD", Rate("flood", 1, 3600.0, 3))
        seen = [await status(limited, Auth.CLAIMED, {}) for _ in range(4)]
        assert seen == [401, 401, 401, 429]


class TestPages:
    async def test_sends_visitors_to_the_login_and_back(self, probe: TestClientProtocol) -> None:
        response = await probe.get("/private?tab=2&q=a%20b")
        assert response.status_code == 303
        assert response.headers["Location"] == "/login?next=%2Fprivate%3Ftab%3D2%26q%3Da%2520b"
        response = await probe.post("/private?x=1", form={})
        assert (response.status_code, response.headers["Location"]) == (303, "/login?next=%2Fprivate")

    async def test_visitors_forms_need_a_token_too(self, probe: TestClientProtocol) -> None:
        shown = await probe.get("/open")
        token = await shown.get_data(as_text=True)
        assert "HttpOnly" in shown.headers["Set-Cookie"] and "imperio_anon=" in shown.headers["Set-Cookie"]
        assert (await probe.post("/open", form={})).status_code == 403
        assert (await probe.post("/open", form={"csrf_token": token})).status_code == 200
        fresh = (await probe.get("/open")).headers.getlist("Set-Cookie")
        assert fresh == [], "the visitor keeps one id"
        assert probe.cookie_jar is not None
        probe.cookie_jar.clear()
        assert (await probe.post("/open", form={"csrf_token": token})).status_code == 403

    async def test_a_players_form(self, probe: TestClientProtocol, casino: Casino, person: Person) -> None:
        page = await (await probe.get("/private", headers=cookie(person))).get_data(as_text=True)
        username, token = page.split()
        assert username == person.username
        sent = await probe.post("/private", form={"csrf_token": token}, headers=cookie(person))
        assert sent.status_code == 200
        refused = await probe.post("/private", form={"csrf_token": "x"}, headers=cookie(person))
        assert refused.status_code == 403


@pytest.mark.parametrize(
    ("asked", "sent_to"),
    [
        ("/wallet?cursor=a", "/wallet?cursor=a"),
        ("/", "/"),
        (None, "/"),
        ("", "/"),
        ("wallet", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("/\r\nSet-Cookie: a=b", "/"),
        ("/" + "x" * 600, "/"),
    ],
)
def test_only_paths_of_this_site(asked: str | None, sent_to: str) -> None:
    assert own_path(asked) == sent_to


@pytest.mark.parametrize(
    "sent",
    [
        "imperio_access=\xff\xfe; imperio_refresh=\xc3\x28; imperio_anon=\xed\xa0\x80",
        'imperio_access="\\377\\000"; imperio_refresh="\\000"; imperio_anon="\\355\\240\\200"',
        "imperio_access=" + "x" * 20_000,
        "imperio_anon=; imperio_refresh=;;;===; \x01",
    ],
)
async def test_mangled_cookies_are_a_visitors(probe: TestClientProtocol, sent: str) -> None:
    headers = {"Cookie": sent}
    assert await status(probe, Auth.PLAYER, headers) == 401
    assert await status(probe, Auth.OPTIONAL, headers) == 200
    assert (await probe.get("/private", headers=headers)).status_code == 303
    assert (await probe.get("/open", headers=headers)).status_code == 200
    assert (await probe.post("/open", headers=headers, form={"csrf_token": "a.b"})).status_code == 403


async def test_every_route_carries_its_policy(probe: TestClientProtocol) -> None:
    app = probe.app
    guarded = {
        rule.rule: getattr(app.view_functions[rule.endpoint], "policy", None)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("probe")
    }
    assert guarded["/api/v1/probe/player"] == Policy(Auth.PLAYER, SCARCE)
    assert guarded["/api/v1/probe/numbers/<name>"] == Policy(Auth.PLAYER, ANY, (Odd,))
    assert guarded["/private"] == Policy(Auth.PLAYER, ANY)


async def test_a_body_that_does_not_come_is_waited_for_a_while(
    probe: TestClientProtocol, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imperio.core.web.BODY_SECONDS", 0.05)
    headers = {"Content-Type": "application/json", "Content-Length": "13"} | person.bearer
    async with probe.request("/api/v1/probe/numbers/seven", method="POST", headers=Headers(headers)) as connection:
        await connection.send(b'{"number":')
        problem = loads(await connection.receive())
    assert connection.status_code == 408
    assert connection.headers is not None and connection.headers["Connection"] == "close"
    assert problem["code"] == "request_timeout"


async def test_openapi_tells_everything(probe: TestClientProtocol) -> None:
    described = await (await probe.get("/openapi.json")).get_json()
    assert described["openapi"].startswith("3.1")
    assert "/private" not in described["paths"]
    operation = described["paths"]["/api/v1/probe/numbers/{name}"]["post"]
    assert operation["summary"] == "Take a number."
    assert operation["security"] == [{"bearer": []}, {"cookie": []}]
    assert {parameter["name"]: parameter["in"] for parameter in operation["parameters"]} == {
        "name": "path",
        "limit": "query",
    }
    assert set(operation["responses"]) == {
        "201", "400", "401", "403", "408", "409", "413", "415", "422", "429", "503"
    }  # fmt: skip
    conflict = operation["responses"]["409"]
    assert conflict["content"]["application/problem+json"]["examples"]["odd"]["value"]["code"] == "odd"
    visitor = described["paths"]["/api/v1/probe/public"]["get"]
    assert "security" not in visitor and set(visitor["responses"]) == {"204", "429", "503"}
    ids = [each["operationId"] for path in described["paths"].values() for each in path.values()]
    assert len(ids) == len(set(ids))
    assert set(described["components"]["securitySchemes"]) == {"bearer", "cookie"}
