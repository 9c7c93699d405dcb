"""The one wiring place: settings in, a casino out."""

import asyncio
import gettext
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from quart import Quart, Response, has_websocket_context, request, websocket
from quart_schema import QuartSchema, hide

from . import __version__
from .accounts.access import Access, Caller
from .accounts.api import accounts_api
from .accounts.cookies import Cookies
from .accounts.openapi import ApiDescription, security_schemes
from .accounts.pages import accounts_pages
from .accounts.passwords import Passwords
from .accounts.service import Accounts
from .accounts.throttle import Throttle
from .accounts.tokens import Tokens
from .achievements.api import achievements_api
from .achievements.pages import achievements_pages
from .achievements.service import AchievementListener, Achievements
from .announcements.live import announcements_snapshot
from .announcements.service import Announcements
from .big_wins.live import big_wins_snapshot
from .big_wins.service import BigWinListener, BigWins
from .chat.api import chat_api
from .chat.live import chat_channel, tell_gone
from .chat.service import Chat
from .core import texts
from .core.assets import Assets
from .core.cache import Cache
from .core.db import Connection, Database
from .core.errors import NotAuthenticated, NotFound
from .core.paths import STATIC, TEMPLATES
from .core.rates import Limiter, MemoryLimiter, NoLimiter, RedisLimiter
from .core.settings import Settings
from .core.translation import catalogue, find_script_texts
from .core.web import MAX_BODY, csp_nonce, register_errors, register_headers
from .fairness.api import fairness_api
from .fairness.pages import fairness_pages
from .fairness.seeds import Seeds, open_pairs
from .games.api import games_api
from .games.blackjack.api import blackjack_api
from .games.blackjack.pages import blackjack_pages
from .games.blackjack.service import Blackjack
from .games.pages import games_pages
from .games.roulette.pages import roulette_pages
from .games.roulette.service import Roulette
from .games.rounds import Rounds
from .games.slots.pages import slots_pages
from .games.slots.service import Slots
from .games.verify import outcome_of
from .leaderboards.api import leaderboards_api
from .leaderboards.commits import BoardsRelay
from .leaderboards.live import LiveBoards
from .leaderboards.pages import leaderboards_pages
from .leaderboards.service import Leaderboards
from .lobby.pages import lobby_pages
from .lobby.service import Lobby
from .notifications.api import notifications_api
from .notifications.live import unread_snapshot
from .notifications.pages import notifications_pages
from .notifications.service import BonusNotices, Notifications
from .ops.docs import docs_pages
from .ops.health import Health
from .ops.housekeeping import Housekeeping, ScheduledReconciliation
from .ops.metrics import Metrics
from .ops.reconcile import Reconciler
from .ops.routes import ops_routes
from .profiles.api import profiles_api
from .profiles.pages import profiles_pages
from .profiles.service import Profiles
from .realtime.bus import Bus, MemoryBus, Message
from .realtime.connections import use_live_connections
from .realtime.hub import Snapshot
from .realtime.live import NO_LIMITS, Live, LiveLimits
from .realtime.outbox import Relay
from .realtime.places import Places, RedisPlaces
from .realtime.redis_bus import RedisBus
from .realtime.redis_client import connect
from .realtime.sessions import PER_PLAYER, Identity
from .realtime.shared import Lease, MemoryLease, MemoryPresence, Presence, RedisLease, RedisPresence
from .realtime.sse import events_blueprint
from .realtime.ws import channel_blueprint
from .schema import MODEL_MODULES
from .shell import Shell, load_shell
from .statistics.api import statistics_api
from .statistics.pages import charts_of, statistics_pages
from .statistics.service import Statistics
from .tables.clock import Clock
from .tables.live import TablesChannel
from .tables.pages import tables_pages
from .tables.service import Tables
from .wallet.api import limits_api, wallet_api
from .wallet.limits_service import Limits
from .wallet.live import balance_snapshot
from .wallet.pages import limits_pages, wallet_pages
from .wallet.posting import Ledgers
from .wallet.service import Wallet, open_books

# What has not been told or given back by then is found and done by whoever comes next (contract: a server has stopped
# ten seconds after SIGTERM, and its streams and requests come first).
CLOSE_SECONDS = 2.5
CLOSE_DATABASE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class LiveIdentity:
    """A caller as the streams and sockets know them: the player's id as it stands in topics."""

    player_id: str
    username: str
    session_id: str
    expires_at: float


def live_identity(caller: Caller | None) -> LiveIdentity | None:
    if caller is None:
        return None
    return LiveIdentity(str(caller.player_id), caller.username, caller.session_id, float(caller.expires_at))


class Casino:
    """Every service of one process, made once and handed to whoever needs it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.db = Database(settings, MODEL_MODULES)
        self.limiter = _limiter(settings)
        self.bus: Bus = RedisBus(settings.redis_url) if settings.redis_url else MemoryBus()
        self.live = Live(
            bus=self.bus,
            still_valid=self._still_valid,
            identify=self._identify,
            identify_token=self._identify_token,
            auth_cookies=frozenset({Cookies.named(secure=settings.secure).access}),
            own_origins=frozenset({settings.public_url}) if settings.public_url else frozenset(),
            limits=LiveLimits() if settings.limits_on else NO_LIMITS,
            stream_places=_places(settings, "streams"),
            socket_places=_places(settings, "sockets"),
        )
        self.metrics = Metrics(settings, self.live.stats)
        self.relay = Relay(
            self.bus,
            self._stale_events,
            self._delete_events,
            self.lease("outbox"),
            self.live.stats,
            self._present_events,
        )
        self.cache = Cache(settings.redis_url)
        self.metrics.watch_caches(self.cache.counts)
        self.leaderboards = Leaderboards(self.db, self.cache)
        self.live_boards = LiveBoards(
            self.db,
            self.leaderboards,
            self.bus,
            self.live.hub,
            self.lease("boards"),
            alone=not settings.redis_url,
        )
        self.ledgers = Ledgers(self.db, BoardsRelay(self.relay, self.leaderboards))
        self.wallet = Wallet(self.db, self.ledgers, [BonusNotices()])
        self.notifications = Notifications(self.db, self.ledgers)
        self.achievements = Achievements(self.db)
        self.big_wins = BigWins(self.db)
        self.announcements = Announcements(self.db, self.relay)
        self.limits = Limits(self.db, self.ledgers)
        self.statistics = Statistics(self.db)
        self.seeds = Seeds(self.db, self.ledgers)
        secret = settings.secret_key.get_secret_value()
        self.tokens = Tokens(secret, settings.old_secret_keys)
        self.passwords = Passwords()
        self.throttle = Throttle(self.db, on=settings.limits_on)
        self.accounts = Accounts(self.db, self.passwords, self.tokens, self.throttle, [self._open_account])
        self.access = Access(settings, self.accounts, self.tokens, self.limiter)
        self.rounds = Rounds(self.db, self.ledgers, [AchievementListener(), BigWinListener(), self.metrics])
        self.slots = Slots(self.rounds)
        self.roulette = Roulette(self.rounds)
        self.blackjack = Blackjack(self.ledgers, self.rounds)
        self.presence: Presence = (
            RedisPresence(settings.redis_url, on_gone=self._tell_gone) if settings.redis_url else MemoryPresence()
        )
        self.chat = Chat(self.db, self.relay, self.limiter, self._may_chat_at_table)
        self.tables = Tables(self.db, self.ledgers, self.rounds, self.limiter, self.presence)
        self.table_clock = Clock(self.tables, self.lease("tables"))
        self.tables_channel = TablesChannel(self.live, self.tables, self.table_clock, self.presence)
        self.lobby = Lobby(self.db)
        self.reconciler = Reconciler(self.db)
        self.health = Health(self.db, settings.redis_url)
        self.housekeeping = Housekeeping(
            self.db,
            self.lease("housekeeping"),
            [self.accounts.prune, self.chat.prune],
            [ScheduledReconciliation(self.reconciler, self.metrics).run],
        )
        self.profiles = Profiles(
            self.db,
            self.cache,
            self.accounts,
            self.statistics,
            self.achievements.list_unlocked,
            self.leaderboards.get_rank,
            self.limits.get_limits,
        )
        self.live.hub.snapshots.update(
            leaderboard=self.live_boards.snapshot,
            big_wins=big_wins_snapshot(self.big_wins),
            announcements=announcements_snapshot(self.announcements),
            notifications=unread_snapshot(self.notifications),
            wallet=balance_snapshot(self.db),
            lobby=self._lobby_snapshot,
        )

    def lease(self, duty: str) -> Lease:
        """A duty that one worker of all does at a time."""
        return RedisLease(self.settings.redis_url, duty) if self.settings.redis_url else MemoryLease()

    async def _identify(self) -> LiveIdentity | None:
        """Who opens the stream or socket of the current request."""
        asking = websocket if has_websocket_context() else request
        return live_identity(await self.access.identify(asking.headers, asking.cookies))

    async def _identify_token(self, token: str) -> LiveIdentity | None:
        try:
            return live_identity(await self.access.authenticate_token(token))
        except NotAuthenticated:
            return None

    async def _still_valid(self, session_ids: Collection[str]) -> set[str]:
        return await self.accounts.still_valid(session_ids)

    async def _stale_events(self, seconds: float, limit: int) -> list[tuple[str, str]]:
        """Rows of the outbox that nobody told in time, oldest first."""
        before = await self.db.now() - timedelta(seconds=seconds)
        rows = await self.db.fetch(
            "SELECT id, events FROM outbox WHERE created_at < :before ORDER BY id LIMIT :limit",
            before=before,
            limit=limit,
        )
        return [(row["id"], row["events"]) for row in rows]

    async def _delete_events(self, ids: Sequence[str]) -> None:
        await self.db.delete_ids("outbox", ids)

    async def _present_events(self, late: Sequence[Message]) -> list[Message]:
        return await self.notifications.list_present_counts(late)

    def _tell_gone(self, room: str, username: str) -> None:
        tell_gone(self.bus, room, username)

    async def _may_chat_at_table(self, room_id: str, player_id: int) -> bool:
        return await self.tables.may_chat(room_id, player_id)

    async def _open_account(self, connection: Connection, player_id: int, now: Any) -> None:
        """A new player's seeds and books, in the sign-up's own transaction."""
        current, following = await open_pairs(connection, player_id, now)
        await open_books(connection, player_id, current, following, now)

    async def list_todays_best(self) -> list[dict[str, Any]]:
        """Today's first five by net profit, for the lobby."""
        board = await self.leaderboards.get_board("net_profit", "daily", 5)
        return list(board["leaderboard"])

    async def list_rooms(self) -> list[dict[str, Any]]:
        """The open tables, for the lobby."""
        return await self.tables.list_rooms()

    async def _lobby_snapshot(self, args: tuple[str, ...], identity: Identity | None) -> Snapshot:
        """What the stream of the lobby begins with."""
        return "lobby_snapshot", {"rooms": await self.list_rooms()}

    async def open(self) -> None:
        """Opens the database, begins to follow the log and to tell events."""
        await self.db.open()
        await self.live.start()
        await self.relay.start()
        await self.live_boards.start()
        self.leaderboards.start()
        await self.presence.start()
        self.table_clock.start()
        self.metrics.start()
        self.housekeeping.start()

    async def close(self) -> None:
        """Ends everything, in good time also when Redis or the database do not answer any more."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await asyncio.gather(
                    self.table_clock.stop(),
                    self.housekeeping.stop(),
                    self.metrics.stop(),
                    self.presence.stop(),
                    self.live_boards.stop(),
                    self.leaderboards.close(),
                )
                await self.relay.stop()
                await asyncio.gather(self.live.stop(), self.cache.close(), self.health.close())
        self.passwords.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_DATABASE_SECONDS):
                await self.db.close()


class CasinoApp(Quart):
    """The web application; `casino` holds its services."""

    def __init__(self, casino: Casino) -> None:
        super().__init__("imperio", template_folder=str(TEMPLATES), static_folder=None)
        # An address with a slash too many is nobody's: werkzeug's redirect to the tidy one is an error to Quart.
        self.url_map.merge_slashes = False
        self.casino = casino
        self.started = asyncio.Event()

    async def end_streams(self) -> None:
        """Ends streams and sockets cleanly; their clients come back elsewhere."""
        await self.casino.live.end_guests()


def create_app(settings: Settings) -> CasinoApp:
    """The application with everything wired. Nothing is opened until it serves."""
    casino = Casino(settings)
    app = CasinoApp(casino)
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY,
        # Each of Quart's own two limits costs a task per request. Bodies have theirs in `read_body`; answers are small
        # enough for the socket's buffer, or streams.
        BODY_TIMEOUT=None,
        RESPONSE_TIMEOUT=None,
        TRUSTED_PROXIES=frozenset(settings.trusted_proxies),
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="imperio_flash",
    )
    app.secret_key = settings.secret_key.get_secret_value()
    app.debug = settings.debug
    # The human docs are a page of our own: quart-schema's load their scripts from a foreign host.
    QuartSchema(
        app,
        info={"title": "ImperioCasino", "version": __version__},
        openapi_provider_class=ApiDescription,
        security_schemes=security_schemes(casino.access.cookies),
        swagger_ui_path=None,
        redoc_ui_path=None,
        scalar_ui_path=None,
        convert_casing=False,
    )
    register_headers(app, secure=settings.secure)
    casino.metrics.register(app)
    register_errors(app)
    casino.access.register(app)
    assets = Assets(STATIC, watch=settings.env == "development")
    _register_templates(app, casino, assets)
    _register_static(app, assets)
    use_live_connections(app)
    app.register_blueprint(events_blueprint(casino.live))
    chat = chat_channel(casino.chat, casino.presence, casino.bus, casino.tables_channel.on_removed)
    app.register_blueprint(channel_blueprint(casino.live, chat))
    app.register_blueprint(chat_api(casino.access, casino.chat))
    app.register_blueprint(channel_blueprint(casino.live, casino.tables_channel.channel))
    app.register_blueprint(tables_pages(casino.access, casino.tables))
    app.register_blueprint(ops_routes(casino.access, settings, casino.health, casino.metrics))
    app.register_blueprint(docs_pages(casino.access))
    app.register_blueprint(accounts_api(casino.access, casino.accounts, casino.wallet.get_balance))
    app.register_blueprint(accounts_pages(casino.access, casino.accounts))
    app.register_blueprint(wallet_api(casino.access, casino.wallet))
    app.register_blueprint(limits_api(casino.access, casino.limits))
    app.register_blueprint(statistics_api(casino.access, casino.statistics))
    charts = charts_of(casino.statistics)
    app.register_blueprint(wallet_pages(casino.access, casino.wallet, charts))
    app.register_blueprint(limits_pages(casino.access, casino.limits))
    app.register_blueprint(statistics_pages(casino.access, casino.statistics, charts))
    app.register_blueprint(profiles_api(casino.access, casino.profiles))
    app.register_blueprint(profiles_pages(casino.access, casino.profiles, casino.accounts, charts))
    app.register_blueprint(
        lobby_pages(casino.access, casino.lobby, casino.wallet, rooms=casino.list_rooms, board=casino.list_todays_best)
    )
    app.register_blueprint(notifications_api(casino.access, casino.notifications))
    app.register_blueprint(notifications_pages(casino.access, casino.notifications))
    app.register_blueprint(achievements_api(casino.access, casino.achievements))
    app.register_blueprint(achievements_pages(casino.access, casino.achievements))
    app.register_blueprint(leaderboards_api(casino.access, casino.leaderboards))
    app.register_blueprint(leaderboards_pages(casino.access, casino.leaderboards))
    app.register_blueprint(games_api(casino.access, casino.rounds, casino.slots, casino.roulette, casino.blackjack))
    app.register_blueprint(fairness_api(casino.access, casino.seeds))
    app.register_blueprint(fairness_pages(casino.access, casino.seeds, outcome_of))
    app.register_blueprint(games_pages(casino.access, casino.rounds))
    app.register_blueprint(slots_pages(casino.access, casino.rounds, casino.slots))
    app.register_blueprint(roulette_pages(casino.access, casino.rounds, casino.roulette))
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
        return MemoryLimiter(settings.rate_factor)
    return RedisLimiter(connect(settings.redis_url, connections=16, timeout=0.5), settings.rate_factor)


def _places(settings: Settings, kind: str) -> Places | None:
    if not settings.redis_url or not settings.limits_on:
        return None
    return RedisPlaces(settings.redis_url, kind, PER_PLAYER)


def _register_templates(app: Quart, casino: Casino, assets: Assets) -> None:
    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    translations = gettext.NullTranslations()
    env.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    script_texts = catalogue(find_script_texts(STATIC / "js"), translations)
    env.globals.update(asset=assets.url, import_map=assets.import_map, csp_nonce=csp_nonce, script_texts=script_texts)
    env.filters.update(coins=texts.coins, signed=texts.signed, ago=texts.ago, pct=texts.pct)

    @app.context_processor
    async def _shell() -> dict[str, Shell]:
        return {"shell": await load_shell(casino.db, casino.access, casino.lobby)}


def _register_static(app: Quart, assets: Assets) -> None:
    @app.get("/static/<path:filename>")
    @hide
    async def static(filename: str) -> Response:
        file = assets.find(filename)
        if file is None:
            raise NotFound
        # An address with a hash never changes its content; one without (a download, an import by hand) is asked again.
        caching = "public, max-age=31536000, immutable" if "v" in request.args else "public, no-cache"
        headers = {"Cache-Control": caching, "Vary": "Accept-Encoding"}
        body = file.content
        if file.compressed is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = file.compressed
        response = Response(body, headers=headers, mimetype=file.mimetype)
        response.set_etag(file.etag)
        await response.make_conditional(request)
        return response
