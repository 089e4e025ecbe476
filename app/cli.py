"""Commands for operators: migrate, demo, API documents, invariants, failed jobs, and the book for other programs."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

OPENAPI_FOLDER = Path(__file__).parents[1] / "openapi"


def migrate(_: argparse.Namespace) -> int:
    """Bring the database to the newest migration, as its owner (MIGRATION_DATABASE_URL)."""
    import migrations

    url = os.environ.get("MIGRATION_DATABASE_URL")
    if not url:
        print("MIGRATION_DATABASE_URL is not set.", file=sys.stderr)  # noqa: T201
        return 2
    try:
        print(f"at migration {migrations.migrate(url)}")  # noqa: T201
    except migrations.NewerDatabase as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 3
    return 0


def demo(arguments: argparse.Namespace) -> int:
    """Load the demo from a sandbox's world; prints as JSON what to show. Running it again changes nothing."""
    from app import demo as demo_loader

    shown = demo_loader.load(Path(arguments.world))
    print(json.dumps(shown, ensure_ascii=False))  # noqa: T201
    return 0


def openapi(arguments: argparse.Namespace) -> int:
    """Write the API documents, or check that the committed ones are what the program serves."""
    from app import documents

    return documents.write(OPENAPI_FOLDER) if arguments.write else documents.check(OPENAPI_FOLDER)


def invariants(_: argparse.Namespace) -> int:
    """Verify every invariant on the running database; prints each, exit code 1 when one does not hold."""
    from app import process
    from app.kernel import db, invariants
    from config.settings import Settings

    process.install(Settings.from_env(), pool_size=1, application="dukou-invariants")
    process.import_modules("queries")
    process.import_modules("housekeeping")
    with db.transaction() as session:
        verdicts = invariants.verify(session)
    for verdict in verdicts:
        mark = "holds " if verdict.holds else "BROKEN"
        print(f"{verdict.invariant.code:4} {mark} {verdict.invariant.statement}")  # noqa: T201
        for row in verdict.violations:
            print(f"       {row}")  # noqa: T201
    return 0 if all(verdict.holds for verdict in verdicts) else 1


def reconcile(arguments: argparse.Namespace) -> int:
    """Hold a day's bills and statement against the book; prints each channel, exit code 1 when something differs."""
    from datetime import date

    from app import process
    from app.reconciliation.domain.rows import CHANNELS
    from app.reconciliation.jobs import reconcile_day
    from config.settings import Settings

    process.install(Settings.from_env(), pool_size=1, application="dukou-reconcile")
    found = {channel: reconcile_day(channel, date.fromisoformat(arguments.day)) for channel in CHANNELS}
    for channel, status in found.items():
        print(f"{arguments.day} {channel:13} {status}")  # noqa: T201
    return 0 if set(found.values()) == {"explained"} else 1


def retry(_: argparse.Namespace) -> int:
    """Let the jobs that gave up try again, once their cause is removed; prints how many there were."""
    from app import process
    from app.kernel import db, jobs
    from config.settings import Settings

    process.install(Settings.from_env(), pool_size=1, application="dukou-retry")
    with db.transaction() as session:
        print(f"{jobs.retry_failed(session)} jobs are tried again")  # noqa: T201
    return 0


def end_of_day(arguments: argparse.Namespace) -> int:
    """Close every business day up to one (default: yesterday in China), with a bar; exit code 2 when refused."""
    from app import process
    from app.kernel.errors import Problem
    from app.loans.jobs import bar
    from app.loans.jobs import end_of_day as closing
    from config.settings import Settings

    process.install(Settings.from_env(), pool_size=arguments.workers + 1, application="dukou-end-of-day")
    run = closing.Run(workers=arguments.workers, report=bar.reporter())
    try:
        days = closing.close_through(arguments.through, run)
    except Problem as problem:
        print(problem.detail, file=sys.stderr)  # noqa: T201
        return 2
    print(f"\n{len(days)} days closed" + (f", the last one {days[-1]}" if days else ""))  # noqa: T201
    return 0


def trial_balance(arguments: argparse.Namespace) -> int:
    """Print every account's opening, debit, credit and closing of some days, or of one day, as CSV in yuan."""
    from app.ledger import exports

    return _write_book(arguments, exports.balances_as_csv)


def ledger_export(arguments: argparse.Namespace) -> int:
    """Write the journals of some days as CSV or for beancount, with what each account held before and after."""
    from app.ledger import exports

    return _write_book(arguments, exports.FORMATS[arguments.format])


def _write_book(arguments: argparse.Namespace, write: Callable[..., Iterator[str]]) -> int:
    from app import process
    from app.kernel import db
    from app.kernel.errors import Problem
    from app.ledger import exports
    from config.settings import Settings

    which = {"from_on": arguments.from_on, "to_on": arguments.to_on}
    try:
        exports.check_period(**which)  # before a file is opened that holds an earlier export
    except Problem as problem:
        print(problem.detail, file=sys.stderr)  # noqa: T201
        return 2
    process.install(Settings.from_env(), pool_size=1, application="dukou-book")
    target, ours = arguments.output or sys.stdout.fileno(), bool(arguments.output)
    with open(target, "w", encoding="utf-8", newline="", closefd=ours) as out, db.transaction() as session:
        out.writelines(write(session, product_code=arguments.product, **which))
    return 0


def _takes_period(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="from_on", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    parser.add_argument("--to", dest="to_on", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    parser.add_argument("--product", help="journals of this product only")
    parser.add_argument("--output", help="a file; otherwise standard output")


def products(arguments: argparse.Namespace) -> int:
    """Propose a version of a product or of rules, try it on past decisions, approve it by a second person."""
    from app.credit import cli as credit

    return credit.products(arguments, lambda: _install("dukou-products"), _member_of_staff)


def decisions(arguments: argparse.Namespace) -> int:
    """Work every credit decision and estimate out again from its record; exit code 1 when one comes out otherwise."""
    from app.credit import cli as credit

    return credit.decisions(arguments, lambda: _install("dukou-decisions"))


def _install(application: str) -> None:
    from app import process
    from config.settings import Settings

    process.install(Settings.from_env(), pool_size=1, application=application)


def _member_of_staff(session: Session, email: str) -> str:
    from app.console.queries import staff_by_email
    from app.kernel.errors import NotFound

    found = staff_by_email(session, email)
    if found is None or found.status != "active" or not {"reviewer", "admin"} & set(found.roles):
        raise NotFound("Nobody with this address of mail decides on products.")
    return f"staff:{found.staff_id}"


def main(argv: Sequence[str] | None = None) -> int:
    """Entry of `python -m app.cli`."""
    from app.credit.cli import add_products

    parser = argparse.ArgumentParser(prog="python -m app.cli", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")

    def add(run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        made = commands.add_parser(run.__name__.replace("_", "-"), help=(run.__doc__ or "").splitlines()[0])
        made.set_defaults(run=run)
        return made

    add(migrate)
    add(demo).add_argument("--world", required=True, help="the sandbox's world.json")
    choice = add(openapi).add_mutually_exclusive_group(required=True)
    choice.add_argument("--write", action="store_true")
    choice.add_argument("--check", action="store_true")
    add(invariants)
    add(decisions)
    add_products(add(products))
    add(retry)
    add(reconcile).add_argument("--day", required=True, metavar="YYYY-MM-DD", help="a business day in China")
    closing = add(end_of_day)
    closing.add_argument("--through", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the last day to close")
    closing.add_argument("--workers", type=int, choices=range(1, 9), default=1, help="chunks at once")
    _takes_period(add(trial_balance))
    exporting = add(ledger_export)
    _takes_period(exporting)
    exporting.add_argument("--format", choices=("csv", "beancount"), required=True)
    arguments = parser.parse_args(argv)
    return int(arguments.run(arguments))


if __name__ == "__main__":
    sys.exit(main())
