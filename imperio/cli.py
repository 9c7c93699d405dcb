"""The command line. Exit codes: 0 done, 1 refused or found wrong, 2 called wrongly."""

import argparse
import asyncio
import getpass
import json
import os
import re
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from tortoise.exceptions import BaseORMException

from . import __version__
from .core.errors import AppError, CannotStart
from .core.settings import BadSettings, Settings, load_settings

_T = TypeVar("_T")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; answers its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except AppError as error:
        print(f"imperio: {error}", file=sys.stderr)
        for problem in error.errors:
            print(f"  {problem['field']}: {problem['message']}", file=sys.stderr)
        return 1
    except (BadSettings, CannotStart) as error:
        print(f"imperio: {error}", file=sys.stderr)
        return 1
    except BaseORMException as error:
        print(f"imperio: the database refuses: {error} (is it migrated? imperio migrate)", file=sys.stderr)
        return 1
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"imperio: {where}{error.strerror or error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="imperio", description="ImperioCasino: a play-money casino.")
    parser.add_argument("--version", action="version", version=f"imperio {__version__}")
    commands = parser.add_subparsers(required=True, metavar="command")

    serve = commands.add_parser("serve", help="run the casino (migrates the database first)")
    serve.add_argument("--host", help="address to listen on (IMPERIO_HOST)")
    serve.add_argument("--port", type=int, help="port to listen on (IMPERIO_PORT)")
    serve.add_argument("--workers", type=int, help="worker processes (IMPERIO_WORKERS)")
    serve.add_argument("--no-migrate", action="store_true", help="leave the database's schema as it is")
    serve.set_defaults(run=_serve)

    worker = commands.add_parser("worker")  # started by the parent of several workers, not by people
    worker.add_argument("fd", type=int)
    worker.add_argument("ready_fd", type=int)
    worker.set_defaults(run=_worker)

    migrate = commands.add_parser("migrate", help="bring the database up to date")
    choice = migrate.add_mutually_exclusive_group()
    choice.add_argument("--check", action="store_true", help="exit 1 if a migration is missing; change nothing")
    choice.add_argument("--down", action="store_true", help="take the newest migration back")
    choice.add_argument("--make", metavar="NAME", help="write migrations for changed models, for both engines")
    migrate.set_defaults(run=_migrate)

    admin = commands.add_parser("create-admin", help="make an administrator; there is no default password")
    admin.add_argument("username")
    admin.add_argument("email")
    admin.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    admin.set_defaults(run=_create_admin)

    reconcile = commands.add_parser("reconcile", help="recount every coin; exit 1 on any drift")
    reconcile.add_argument("--json", action="store_true", help="print the findings as JSON")
    reconcile.set_defaults(run=_reconcile)

    announce = commands.add_parser("announce", help="tell everybody something, now and as a notification")
    announce.add_argument("title", type=_text(120), help="up to 120 characters")
    announce.add_argument("message", type=_text(500), help="up to 500 characters")
    announce.add_argument("--promo", action="store_true", help="a promotion rather than a word of the system")
    announce.add_argument("--level", choices=("info", "warning"), default="info")
    announce.set_defaults(run=_announce)

    verify = commands.add_parser("verify-round", help="recompute a round from its seeds")
    verify.add_argument("game", choices=("slots", "roulette", "blackjack"))
    verify.add_argument("server_seed", type=_seed, help="64 characters, 0 to 9 and a to f")
    verify.add_argument("client_seed", type=_text(64, keep=True), help="1 to 64 characters")
    verify.add_argument("nonce", type=_nonce, help="a whole number, 0 or more")
    verify.add_argument(
        "--hash", type=str.lower, dest="server_seed_hash", help="the hash shown before the round; exit 1 if it differs"
    )
    verify.set_defaults(run=_verify_round)
    return parser


def _serve(options: argparse.Namespace) -> int:
    flags = {"host": options.host, "port": options.port, "workers": options.workers}
    given = {name: value for name, value in flags.items() if value is not None}
    # Workers are processes of their own and read the environment, so a flag must be there too.
    os.environ.update({f"IMPERIO_{name.upper()}": str(value) for name, value in given.items()})
    settings = load_settings(**given)
    from . import schema, serve  # everything: not before the settings are known to be good

    if not options.no_migrate:
        _run_database(schema.upgrade(settings), settings)
    return serve.run(settings)


def _worker(options: argparse.Namespace) -> int:
    from . import serve

    return serve.run_worker(load_settings(), options.fd, options.ready_fd)


def _migrate(options: argparse.Namespace) -> int:
    from . import schema

    if options.make:
        for path in asyncio.run(schema.make(options.make)):
            print(path)
        return 0
    settings = load_settings()
    if options.check:
        missing = _run_database(schema.pending(settings), settings)
        for name in missing:
            print(f"missing: {name}")
        return 1 if missing else 0
    if options.down:
        for name in _run_database(schema.downgrade(settings), settings):
            print(f"taken back: {name}")
        return 0
    for name in _run_database(schema.upgrade(settings), settings):
        print(f"applied: {name}")
    return 0


def _create_admin(options: argparse.Namespace) -> int:
    password = _new_password(options.password_stdin)

    async def work(casino: Any) -> str:
        return str(await casino.accounts.create_admin(options.username, options.email, password))

    username = asyncio.run(_with_casino(load_settings(), work))
    print(f"{username} is an administrator now.")
    return 0


def _new_password(from_stdin: bool) -> str:
    if from_stdin or not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password (at least 10 characters): ")
    if getpass.getpass("Again: ") != password:
        raise BadSettings("the two passwords differ")
    return password


def _reconcile(options: argparse.Namespace) -> int:
    async def work(casino: Any) -> Any:
        return await casino.reconciler.run()

    report = asyncio.run(_with_casino(load_settings(), work))
    if options.json:
        print(json.dumps(report.public(), indent=2))
    else:
        for finding in report.findings:
            print(finding)
        print(report.summary())
    return 1 if report.findings else 0


def _text(longest: int, *, keep: bool = False) -> Callable[[str], str]:
    """An argument of 1 to `longest` characters; with `keep` the spaces around it belong to it."""

    def text(given: str) -> str:
        taken = given if keep else given.strip()
        if not 1 <= len(taken) <= longest:
            raise argparse.ArgumentTypeError(f"1 to {longest} characters, please")
        return taken

    return text


def _seed(given: str) -> str:
    if not re.fullmatch("[0-9a-f]{64}", given):
        raise argparse.ArgumentTypeError("64 characters, 0 to 9 and a to f, please")
    return given


def _nonce(given: str) -> int:
    if not re.fullmatch("[0-9]{1,16}", given):
        raise argparse.ArgumentTypeError("a whole number, 0 or more, please")
    return int(given)


def _announce(options: argparse.Namespace) -> int:
    kind = "promo" if options.promo else "system_message"

    async def work(casino: Any) -> Any:
        return await casino.announcements.broadcast(kind, options.title, options.message, level=options.level)

    told = asyncio.run(_with_casino(load_settings(), work))
    # This process has no stream open: the outbox brings it to the running casino's within some seconds.
    print(f"Told to {told['players']} players.")
    return 0


def _verify_round(options: argparse.Namespace) -> int:
    from .fairness.stream import commitment
    from .games.verify import outcome_of

    computed = commitment(options.server_seed)
    outcome = outcome_of(options.game, options.server_seed, options.client_seed, options.nonce)
    print(json.dumps({"server_seed_hash": computed, "outcome": outcome}, indent=2))
    if options.server_seed_hash is not None and options.server_seed_hash != computed:
        print("imperio: this server seed is not the one that was promised", file=sys.stderr)
        return 1
    return 0


async def _with_casino(settings: Settings, work: Callable[[Any], Awaitable[_T]]) -> _T:
    """Runs `work` with the wired services and an open database, without serving."""
    from .app import Casino
    from .core.log import configure_logging

    configure_logging(settings)  # to standard error: what a command prints may be read by a program
    casino = Casino(settings)
    try:
        await casino.db.open()
        return await work(casino)
    finally:
        await casino.db.close()


def _run_database(work: Any, settings: Settings) -> Any:
    """Runs a schema command; a database that does not answer becomes one clear line."""
    from .core.db import LOST

    try:
        return asyncio.run(work)
    except LOST as error:
        where = settings.sqlite_path if settings.dialect == "sqlite" else settings.database_url.rpartition("@")[2]
        raise CannotStart(f"the database at {where} does not answer: {error}") from error
