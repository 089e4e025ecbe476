"""What credit watches by itself: the newest decisions come out of their records again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from app.credit import queries, usecases
from app.kernel import invariants

WATCHED = 500  # the newest; `python -m app.cli decisions` takes them all


def _come_out_otherwise(session: Session) -> Iterator[tuple[Any, ...]]:
    for one in queries.newest_decision_ids(session, limit=WATCHED):
        if not usecases.recompute(session, one):
            yield (str(one),)


invariants.register_check(
    "I12", f"the newest {WATCHED} decisions come out of their records again", _come_out_otherwise
)
