"""The one wiring place: settings in, a casino out."""

import asyncio
import gettext
from typing import Any

from quart import Quart, send_from_directory
from quart_schema import QuartSchema

from . import __version__
from .accounts.access import Access
from .accounts.passwords import Passwords
from .accounts.service import Accounts
from .accounts.throttle import Throttle
from .accounts.tokens import Tokens
from .core import texts
from .core.assets import Assets
from .core.db import Connection, Database
from .core.paths import STATIC, TEMPLATES
from .core.rates import Limiter, MemoryLimiter, NoLimiter, RedisLimiter
from .core.settings import Settings
from .core.web import MAX_BODY, csp_nonce, register_errors, register_headers
from .fairness.api import fairness_api
from .fairness.pages import fairness_pages
from .fairness.seeds import Seeds, open_pairs
from .games.api import games_api
from .games.blackjack.api import blackjack_api
from .games.blackjack.pages import blackjack_pages
from .games.blackjack.service import Blackjack
from .games.pages import games_pages
from .games.roulette.service import Roulette
from .games.rounds import Rounds
from .games.slots.service import Slots
from .games.verify import outcome_of
from .schema import MODEL_MODULES
from .shell import Shell, load_shell
from .statistics.api import statistics_api
from .statistics.pages import charts_of, statistics_pages
from .statistics.service import Statistics
from .wallet.api import limits_api, wallet_api
from .wallet.limits_service import Limits
from .wallet.pages import limits_pages, wallet_pages
from .wallet.posting import Ledgers
from .wallet.service import Wallet, open_books


class Silent:
    def told(self, outbox_id: str, messages: Any) -> None:
        return None


class Casino:
    """Every service of one process, made once and handed to whoever needs it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.db = Database(settings, MODEL_MODULES)
        self.limiter = _limiter(settings)
        self.ledgers = Ledgers(self.db, Silent())
        self.wallet = Wallet(self.db, self.ledgers)
        self.limits = Limits(self.db, self.ledgers)
        self.statistics = Statistics(self.db)
        self.seeds = Seeds(self.db, self.ledgers)
        secret = settings.secret_key.get_secret_value()
        self.tokens = Tokens(secret, settings.old_secret_keys)
        self.passwords = Passwords()
        self.throttle = Throttle(self.db, on=settings.limits_on)
        self.accounts = Accounts(self.db, self.passwords, self.tokens, self.throttle, [self._open_account])
        self.access = Access(settings, self.accounts, self.tokens, self.limiter)
        self.rounds = Rounds(self.db, self.ledgers, [])
        self.slots = Slots(self.rounds)
        self.roulette = Roulette(self.rounds)
        self.blackjack = Blackjack(self.db, self.ledgers, self.rounds)

    async def _open_account(self, connection: Connection, player_id: int, now: Any) -> None:
        """A new player's seeds and books, in the sign-up's own transaction."""
        current, following = await open_pairs(connection, player_id, now)
        await open_books(connection, player_id, current, following, now)

    async def open(self) -> None:
        await self.db.open()

    async def close(self) -> None:
        await self.db.close()


class CasinoApp(Quart):
    """The web application; `casino` holds its services."""

    def __init__(self, casino: Casino) -> None:
        super().__init__("imperio", template_folder=str(TEMPLATES), static_folder=None)
        self.casino = casino
        self.started = asyncio.Event()

    async def end_streams(self) -> None:
        """Ends streams and sockets cleanly; their clients come back elsewhere."""


def create_app(settings: Settings) -> CasinoApp:
    """The application with everything wired. Nothing is opened until it serves."""
    casino = Casino(settings)
    app = CasinoApp(casino)
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY,
        TRUSTED_PROXIES=frozenset(settings.trusted_proxies),
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="imperio_flash",
    )
    app.secret_key = settings.secret_key.get_secret_value()
    app.debug = settings.debug
    QuartSchema(app, info={"title": "ImperioCasino", "version": __version__}, swagger_ui_path=None, redoc_ui_path=None, scalar_ui_path=None)
    register_headers(app, secure=settings.secure)
    register_errors(app)
    casino.access.register(app)
    _register_templates(app, casino)
    _register_static(app)
    app.register_blueprint(wallet_api(casino.access, casino.wallet))
    app.register_blueprint(limits_api(casino.access, casino.limits))
    app.register_blueprint(statistics_api(casino.access, casino.statistics))
    charts = charts_of(casino.statistics)
    app.register_blueprint(wallet_pages(casino.access, casino.wallet, charts))
    app.register_blueprint(limits_pages(casino.access, casino.limits))
    app.register_blueprint(statistics_pages(casino.access, casino.statistics, charts))
    app.register_blueprint(games_api(casino.access, casino.rounds, casino.slots, casino.roulette, casino.blackjack))
    app.register_blueprint(fairness_api(casino.access, casino.seeds))
    app.register_blueprint(fairness_pages(casino.access, casino.seeds, outcome_of))
    app.register_blueprint(games_pages(casino.access, casino.rounds))
    app.register_blueprint(blackjack_api(casino.access, casino.blackjack))
    app.register_blueprint(blackjack_pages(casino.access, casino.blackjack, casino.rounds))

    @app.while_serving
    async def _lifespan() -> Any:
        await casino.open()
        app.started.set()
        yield
        await casino.close()

    return app


def _limiter(settings: Settings) -> Limiter:
    if not settings.limits_on:
        return NoLimiter()
    if not settings.redis_url:
        return MemoryLimiter()
    raise NotImplementedError


def _register_templates(app: Quart, casino: Casino) -> None:
    env = app.jinja_env
    assets = Assets(STATIC, watch=casino.settings.env == "development")
    env.add_extension("jinja2.ext.i18n")
    translations = gettext.NullTranslations()
    env.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(asset=assets.url, import_map=assets.import_map, csp_nonce=csp_nonce)
    env.filters.update(coins=texts.coins, signed=texts.signed, ago=texts.ago, pct=texts.pct)

    @app.context_processor
    async def _shell() -> dict[str, Shell]:
        return {"shell": await load_shell(casino.db, casino.access)}


def _register_static(app: Quart) -> None:
    @app.get("/static/<path:filename>")
    async def static(filename: str) -> Any:
        response = await send_from_directory(STATIC, filename)
        # Addresses carry a hash of the content; only the few without one are asked for again.
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
