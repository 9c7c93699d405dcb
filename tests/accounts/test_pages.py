"""The pages for signing up, in and out, as a browser without scripts uses them: forms, cookies, CSRF tokens."""

import asyncio
import re
import time
from datetime import timedelta
from html import unescape
from http.cookies import SimpleCookie
from typing import Any

import pyotp
import pytest
from quart import Response
from quart.typing import TestClientProtocol

from imperio.accounts.access import Access
from imperio.accounts.tokens import Tokens, fingerprint
from imperio.app import Casino, CasinoApp
from imperio.core.rates import NoLimiter
from imperio.core.settings import load_settings
from tests.accounts.people import PASSWORD, Person, new_name

HTML = {"Accept": "text/html"}


class Visitor:
    """A browser with cookies, but without scripts."""

    def __init__(self, app: CasinoApp) -> None:
        self.app = app
        self.cookies: dict[str, str] = {}

    async def get(self, path: str) -> Response:
        return await self._send("GET", path)

    async def post(self, path: str, token: str | None = None, **fields: str) -> Response:
        """Posts a form, by default with the token of the login page or, logged in, of the security page."""
        if token is None:
            token = await self.token()
        return await self._send("POST", path, form={"csrf_token": token, **fields})

    async def token(self) -> str:
        page = await self.get("/profile/security" if "imperio_refresh" in self.cookies else "/login")
        found = re.search(r'name="csrf_token" value="([^"]+)"', await page.get_data(as_text=True))
        assert found is not None
        return unescape(found.group(1))

    async def _send(self, method: str, path: str, **content: Any) -> Response:
        client = self.app.test_client(use_cookies=False)
        headers = HTML | {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        response = await client.open(path, method=method, headers=headers, **content)
        for line in response.headers.getlist("Set-Cookie"):
            for name, morsel in SimpleCookie(line).items():
                if morsel.value and morsel["max-age"] != "0":
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)
        return response

    async def is_logged_in(self) -> bool:
        return (await self.get("/profile/security")).status_code == 200


@pytest.fixture
def visitor(app: CasinoApp) -> Visitor:
    return Visitor(app)


@pytest.fixture
async def player(app: CasinoApp, person: Person) -> Visitor:
    """Somebody who has logged in by the form."""
    made = Visitor(app)
    response = await made.post("/login", username=person.username, password=PASSWORD)
    assert response.status_code == 303
    return made


async def text(response: Response) -> str:
    return unescape(await response.get_data(as_text=True))


class TestForms:
    async def test_signing_up_logs_in(self, visitor: Visitor) -> None:
        name = new_name()
        response = await visitor.post(
            "/signup", username=name, email=f"{name}@example.org", password=PASSWORD, next="/profile/security"
        )
        assert (response.status_code, response.headers["Location"]) == (303, "/profile/security")
        assert name in await text(await visitor.get("/profile/security"))

    async def test_cookies_are_hidden_from_scripts(self, visitor: Visitor, person: Person) -> None:
        response = await visitor.post("/login", username=person.username, password=PASSWORD)
        lines = {line.split("=")[0]: line for line in response.headers.getlist("Set-Cookie")}
        assert {"imperio_access", "imperio_refresh"} <= set(lines)
        for name, seconds in (("imperio_access", 900), ("imperio_refresh", 30 * 86_400)):
            assert "HttpOnly" in lines[name] and "SameSite=Lax" in lines[name] and "Path=/" in lines[name]
            assert f"Max-Age={seconds}" in lines[name]
        assert "access_token" not in await text(response)

    async def test_mistakes_show_the_form_again(self, visitor: Visitor, person: Person) -> None:
        typed = {"username": "a<b>", "email": "nobody", "password": "short"}
        response = await visitor.post("/signup", **typed)
        page = await text(response)
        assert response.status_code == 422
        assert 'value="a<b>"' in page and 'value="nobody"' in page and "short" not in page
        assert "At least 10" in page or "at least 10" in page
        taken = {"username": person.username, "email": "new@example.org", "password": PASSWORD}
        assert (await visitor.post("/signup", **taken)).status_code == 409

    async def test_a_wrong_password(self, visitor: Visitor, person: Person) -> None:
        response = await visitor.post("/login", username=person.username, password="a palace at noon", next="/slots")
        page = await text(response)
        assert response.status_code == 401
        assert "wrong" in page and "a palace at noon" not in page
        assert f'value="{person.username}"' in page and 'value="/slots"' in page
        assert "imperio_access" not in visitor.cookies

    async def test_too_many(self, app: CasinoApp, visitor: Visitor, person: Person, casino: Casino) -> None:
        casino.throttle.on = True
        try:
            for _ in range(5):
                await visitor.post("/login", username=person.username, password="a palace at noon")
            response = await visitor.post("/login", username=person.username, password=PASSWORD)
        finally:
            casino.throttle.on = False
        assert response.status_code == 429 and int(response.headers["Retry-After"]) > 0
        assert "imperio_access" not in visitor.cookies

    @pytest.mark.parametrize("following", ["https://evil.example", "//evil.example", "/\\evil.example", "evil"])
    async def test_nobody_is_sent_to_another_site(self, visitor: Visitor, person: Person, following: str) -> None:
        assert "evil" not in await text(await visitor.get(f"/login?next={following}"))
        response = await visitor.post("/login", username=person.username, password=PASSWORD, next=following)
        assert (response.status_code, response.headers["Location"]) == (303, "/")

    async def test_forms_of_other_sites(self, visitor: Visitor, player: Visitor, person: Person) -> None:
        credentials = {"username": person.username, "password": PASSWORD}
        assert (await visitor.post("/login", token="", **credentials)).status_code == 403
        foreign = await Visitor(visitor.app).token()
        assert (await visitor.post("/login", token=foreign, **credentials)).status_code == 403
        assert (await player.post("/logout", token="")).status_code == 403
        assert await player.is_logged_in()

    async def test_who_is_logged_in_already(self, player: Visitor) -> None:
        for path in ("/login?next=/wallet", "/signup?next=/wallet"):
            response = await player.get(path)
            assert (response.status_code, response.headers["Location"]) == (303, "/wallet")

    async def test_second_factor(self, visitor: Visitor, player: Visitor, person: Person) -> None:
        assert (await player.post("/profile/totp", password="a palace at noon")).status_code == 401
        page = await text(await player.post("/profile/totp", password=PASSWORD))
        found = re.search(r"<code>([A-Z2-7]{32})</code>", page)
        assert found is not None
        totp, step = pyotp.TOTP(found.group(1)), int(time.time()) // 30
        assert (await player.post("/profile/totp/confirm", code="000")).status_code == 401
        page = await text(await player.post("/profile/totp/confirm", code=totp.generate_otp(step)))
        assert len(re.findall(r"<code>[a-z2-9-]{19}</code>", page)) == 10
        credentials = {"username": person.username, "password": PASSWORD}
        response = await visitor.post("/login", **credentials)
        assert response.status_code == 401 and 'name="totp"' in await text(response)
        response = await visitor.post("/login", **credentials, totp=totp.generate_otp(step + 1))
        assert response.status_code == 303
        assert (await player.post("/profile/totp/disable", password=PASSWORD)).status_code == 303

    async def test_a_new_password(self, app: CasinoApp, player: Visitor, person: Person) -> None:
        other = Visitor(app)
        await other.post("/login", username=person.username, password=PASSWORD)
        wrong = await player.post("/profile/password", current_password="x", new_password="a palace at dawn")
        assert wrong.status_code == 401 and "The password is wrong." in await text(wrong)
        weak = await player.post("/profile/password", current_password=PASSWORD, new_password="qwertyuiop")
        assert weak.status_code == 422
        done = await player.post("/profile/password", current_password=PASSWORD, new_password="a palace at dawn")
        assert done.status_code == 303
        assert await player.is_logged_in() and not await other.is_logged_in()

    async def test_logins_are_listed_and_ended(self, app: CasinoApp, player: Visitor, person: Person) -> None:
        other = Visitor(app)
        await other.post("/login", username=person.username, password=PASSWORD)
        page = await text(await other.get("/profile/security"))
        for session_id in re.findall(r"/profile/sessions/([0-9a-f]{32})/end", page):
            assert (await other.post(f"/profile/sessions/{session_id}/end")).status_code == 303
        assert not await player.is_logged_in() and await other.is_logged_in()
        assert (await other.post("/profile/sessions/nonsense/end")).status_code == 303
        response = await other.post("/profile/logout-everywhere")
        assert response.headers["Location"] == "/login"
        assert not await other.is_logged_in()


class TestLoggingOut:
    async def test_ends_the_session_and_clears_the_cookies(self, player: Visitor) -> None:
        stolen = dict(player.cookies)
        response = await player.post("/logout")
        assert response.status_code == 303
        assert "imperio_access" not in player.cookies and "imperio_refresh" not in player.cookies
        player.cookies = stolen
        assert not await player.is_logged_in()

    async def test_over_the_api_by_cookie(self, player: Visitor, client: TestClientProtocol) -> None:
        headers = {"Cookie": f"imperio_access={player.cookies['imperio_access']}"}
        assert (await client.post("/api/v1/auth/logout", headers=headers)).status_code == 403
        response = await client.post("/api/v1/auth/logout", headers=headers | {"X-CSRF-Token": await player.token()})
        assert response.status_code == 204
        assert any(line.startswith("imperio_refresh=;") for line in response.headers.getlist("Set-Cookie"))
        assert not await player.is_logged_in()


class TestRenewing:
    """The access cookie lives fifteen minutes; the refresh cookie brings a new one with the next page."""

    async def test_a_page_renews(self, player: Visitor) -> None:
        before = dict(player.cookies)
        del player.cookies["imperio_access"]
        assert await player.is_logged_in()
        assert player.cookies["imperio_access"] != before["imperio_access"]
        assert player.cookies["imperio_refresh"] != before["imperio_refresh"]

    async def test_an_expired_access_cookie(self, player: Visitor, person: Person, casino: Casino) -> None:
        session_id = casino.tokens.read_access(player.cookies["imperio_access"]).session_id
        late = Tokens(casino.settings.secret_key.get_secret_value(), clock=lambda: time.time() - 901)
        player.cookies["imperio_access"] = late.issue_access(
            player_id=person.id, username=person.username, role="player", session_id=session_id
        )
        assert await player.is_logged_in()

    async def test_a_form_that_was_open_too_long(self, player: Visitor) -> None:
        token = await player.token()
        del player.cookies["imperio_access"]
        response = await player.post("/profile/password", token=token, current_password="x", new_password="y")
        assert response.status_code == 401, "the form arrived: it is the password that is wrong"
        assert "imperio_access" in player.cookies

    async def test_two_tabs_at_once(self, player: Visitor) -> None:
        del player.cookies["imperio_access"]
        tabs = [Visitor(player.app) for _ in range(3)]
        for tab in tabs:
            tab.cookies = dict(player.cookies)
        pages = await asyncio.gather(*(tab.get("/profile/security") for tab in tabs))
        assert [page.status_code for page in pages] == [200] * 3
        for tab in tabs:  # whichever cookies the browser kept last
            del tab.cookies["imperio_access"]
            assert await tab.is_logged_in()

    async def test_an_old_refresh_cookie_ends_the_session(self, player: Visitor, casino: Casino) -> None:
        stolen = dict(player.cookies)
        for cookies in (player.cookies, stolen):
            del cookies["imperio_access"]
        assert await player.is_logged_in()
        await casino.db.execute(
            "UPDATE refresh_tokens SET used_at = :then WHERE token_hash = :token_hash",
            then=await casino.db.now() - timedelta(minutes=5),
            token_hash=fingerprint(stolen["imperio_refresh"]),
        )
        thief = Visitor(player.app)
        thief.cookies = stolen
        assert not await thief.is_logged_in()
        assert "imperio_refresh" not in thief.cookies, "what is worth nothing is cleared"
        assert not await player.is_logged_in()

    async def test_the_api_does_not_renew(self, player: Visitor, client: TestClientProtocol) -> None:
        headers = {"Cookie": f"imperio_refresh={player.cookies['imperio_refresh']}"}
        assert (await client.get("/api/v1/me", headers=headers)).status_code == 401

    async def test_refreshing_by_cookie_over_the_api(self, player: Visitor, client: TestClientProtocol) -> None:
        token = await player.token()
        headers = {"Cookie": f"imperio_refresh={player.cookies['imperio_refresh']}"}
        response = await client.post("/api/v1/auth/refresh", json={}, headers=headers)
        assert response.status_code == 403
        response = await client.post("/api/v1/auth/refresh", json={}, headers=headers | {"X-CSRF-Token": token})
        answer = await response.get_json()
        assert response.status_code == 200 and answer["expires_in"] == 900
        names = {line.split("=")[0] for line in response.headers.getlist("Set-Cookie")}
        assert {"imperio_access", "imperio_refresh"} <= names
        response = await client.post("/api/v1/auth/refresh", json={}, headers=headers | {"X-CSRF-Token": token})
        assert response.status_code == 401
        assert not await player.is_logged_in(), "over the API a used token is always a thief's"


async def test_names_of_the_cookies_over_tls(casino: Casino, tmp_path: Any) -> None:
    settings = load_settings(data_dir=tmp_path, public_url="https://casino.example")
    cookies = Access(settings, casino.accounts, casino.tokens, NoLimiter()).cookies
    response = Response("")
    cookies.set_login(response, "a", "r")
    cookies.set_anonymous(response, "v")
    lines = response.headers.getlist("Set-Cookie")
    assert [line.split("=")[0] for line in lines] == [
        "__Host-imperio_access",
        "__Host-imperio_refresh",
        "__Host-imperio_anon",
    ]
    assert all("Secure" in line and "HttpOnly" in line and "Path=/" in line for line in lines)
    assert not any("Domain" in line for line in lines)
