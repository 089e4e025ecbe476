"""Commands of credit for operators: products and rules by two people, decisions worked out again.

They run on the server for people who have an account in the console; the account is checked, the person is whom the
operator names. Its pages prove the person as well.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.credit import queries, usecases
from app.credit.domain.copy_linter import lint
from app.kernel.db import transaction
from app.kernel.errors import Problem

Who = Callable[[Session, str], str]  # an address of mail to the actor's name; raises Problem for nobody
Install = Callable[[], None]


def products(arguments: argparse.Namespace, install: Install, who: Who) -> int:
    """Propose a version of a product or of rules, try it on the past, approve or reject it, list proposals."""
    try:
        if arguments.act == "lint":
            return _lint(json.loads(Path(arguments.body).read_text(encoding="utf-8")))
        install()
        with transaction() as session:
            _show(_ACTS[arguments.act](session, arguments, who))
    except Problem as problem:
        print(f"{problem.code}: {problem.detail} {problem.context or ''}".strip(), file=sys.stderr)  # noqa: T201
        return 2
    return 0


def decisions(arguments: argparse.Namespace, install: Install) -> int:
    """Work every decision and estimate out again from its record; prints what comes out otherwise, exit code 1 then."""
    install()
    checked, wrong = 0, []
    after: UUID | None = None
    while True:
        with transaction() as session:
            batch = queries.decision_ids(session, after=after)
            wrong += [one for one in batch if not usecases.recompute(session, one)]
        if not batch:
            break
        checked, after = checked + len(batch), batch[-1]
    with transaction() as session:
        quoted = queries.quoted_estimate_ids(session)
        wrong += [one for one in quoted if not usecases.recompute_estimate(session, one)]
    for one in wrong:
        print(f"BROKEN {one}")  # noqa: T201
    both = f"{checked} decisions and {len(quoted)} estimates"
    print(f"{both} worked out again, {len(wrong)} come out otherwise")  # noqa: T201
    return 1 if wrong else 0


def add_products(parser: argparse.ArgumentParser) -> None:
    """The arguments of `products`."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    proposing = acts.add_parser("propose")
    proposing.add_argument("body", help="a JSON file")
    proposing.add_argument("--kind", choices=("product", "rules"), required=True)
    proposing.add_argument("--product", required=True)
    proposing.add_argument("--version", required=True)
    proposing.add_argument("--from", dest="effective_from", type=date.fromisoformat, required=True)
    proposing.add_argument("--source", required=True, help="why and on what grounds")
    proposing.add_argument("--share-bps", type=int, default=10_000, help="below 10000: rules as a challenger")
    proposing.add_argument("--by", required=True, help="address of mail of a member of staff")
    acts.add_parser("what-if").add_argument("proposal", type=UUID)
    for act in ("approve", "reject"):
        deciding = acts.add_parser(act)
        deciding.add_argument("proposal", type=UUID)
        deciding.add_argument("--by", required=True)
        deciding.add_argument("--note", default="")
    acts.add_parser("list")
    acts.add_parser("lint").add_argument("body", help="a JSON file")


def _propose(session: Session, arguments: argparse.Namespace, who: Who) -> dict[str, Any]:
    proposal_id = usecases.propose(
        session,
        kind=arguments.kind,
        product_code=arguments.product,
        version=arguments.version,
        body=json.loads(Path(arguments.body).read_text(encoding="utf-8")),
        effective_from=arguments.effective_from,
        source=arguments.source,
        share_bps=arguments.share_bps,
        proposed_by=who(session, arguments.by),
    )
    return {"proposal": str(proposal_id)}


def _what_if(session: Session, arguments: argparse.Namespace, who: Who) -> dict[str, Any]:
    return dict(usecases.try_on_the_past(session, proposal_id=arguments.proposal))


def _approve(session: Session, arguments: argparse.Namespace, who: Who) -> dict[str, Any]:
    decided_by = who(session, arguments.by)
    usecases.approve(session, proposal_id=arguments.proposal, decided_by=decided_by, note=arguments.note)
    return {"approved": str(arguments.proposal)}


def _reject(session: Session, arguments: argparse.Namespace, who: Who) -> dict[str, Any]:
    decided_by = who(session, arguments.by)
    usecases.reject(session, proposal_id=arguments.proposal, decided_by=decided_by, note=arguments.note)
    return {"rejected": str(arguments.proposal)}


def _list(session: Session, arguments: argparse.Namespace, who: Who) -> list[dict[str, Any]]:
    shown = ("proposal_id", "kind", "product_code", "version", "effective_from", "share_bps", "status", "what_if")
    return [{name: getattr(one, name) for name in shown} for one in queries.proposals(session)]


_ACTS: dict[str, Callable[[Session, argparse.Namespace, Who], Any]] = {
    "propose": _propose,
    "what-if": _what_if,
    "approve": _approve,
    "reject": _reject,
    "list": _list,
}


def _lint(body: Any) -> int:
    found = lint(body)
    for one in found:
        print(f"{one.where}: {one.phrase}: {one.why}")  # noqa: T201
    return 1 if found else 0


def _show(result: Any) -> None:
    print(json.dumps(result, ensure_ascii=False, default=str, indent=1))  # noqa: T201
