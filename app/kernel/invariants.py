"""Rules that must hold at any time, each as a query that finds the violations; capabilities register theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Invariant:
    """`sql`, or `find` for what SQL cannot say, answers one row for each violation."""

    code: str
    statement: str
    sql: str = ""
    find: Callable[[Session], Iterable[tuple[Any, ...]]] | None = None


@dataclass(frozen=True)
class Verdict:
    """How one rule stands; `violations` shows at most five rows."""

    invariant: Invariant
    violations: tuple[tuple[Any, ...], ...]

    @property
    def holds(self) -> bool:
        return not self.violations


_REGISTERED: dict[tuple[str, str], Invariant] = {}


def register(code: str, statement: str, sql: str) -> None:
    """Add a rule; several may share a code such as I6 when they belong to one idea."""
    _REGISTERED[(code, statement)] = Invariant(code, statement, sql)


def register_check(code: str, statement: str, find: Callable[[Session], Iterable[tuple[Any, ...]]]) -> None:
    """Add a rule that is looked at by a function; it reads only."""
    _REGISTERED[(code, statement)] = Invariant(code, statement, find=find)


def verify(session: Session) -> list[Verdict]:
    """Check every registered rule, ordered by code."""
    ordered = sorted(_REGISTERED.values(), key=lambda rule: (len(rule.code), rule.code, rule.statement))
    return [Verdict(rule, tuple(islice(_violations(session, rule), 5))) for rule in ordered]


def _violations(session: Session, rule: Invariant) -> Iterator[tuple[Any, ...]]:
    found = rule.find(session) if rule.find else session.execute(text(rule.sql))
    return (tuple(row) for row in found)
