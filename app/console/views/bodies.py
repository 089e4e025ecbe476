"""Two bodies of products or rules beside each other: what was added, taken away and changed, each at its place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

NAMED_BY = ("code", "feature", "kind", "name")  # what tells the entries of a list apart; else their number does


class Change(NamedTuple):
    """One place, such as `price.spread_bps` or `grades[A].spread_bps`; None where it is not there."""

    where: str
    before: str | None
    after: str | None


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Sequence[Change]:
    """Every place at which the two differ, in the order of the newer one; what is gone comes last."""
    old, new = dict(_places(before)), dict(_places(after))
    found = [Change(where, old.get(where), value) for where, value in new.items() if old.get(where) != value]
    return found + [Change(where, value, None) for where, value in old.items() if where not in new]


def written(body: Mapping[str, Any]) -> str:
    """A body as people edit it."""
    return json.dumps(body, ensure_ascii=False, indent=2)


def _places(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _places(inner, f"{where}.{name}" if where else str(name))
    elif isinstance(value, list) and any(isinstance(one, Mapping | list) for one in value):
        for name, inner in zip(_names(value), value, strict=True):
            yield from _places(inner, f"{where}[{name}]")
    else:
        yield where, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _names(entries: Sequence[Any]) -> Sequence[str]:
    for key in NAMED_BY:
        names = [str(one.get(key)) if isinstance(one, Mapping) and key in one else None for one in entries]
        if None not in names and len(set(names)) == len(names):
            return [name for name in names if name is not None]
    return [str(place) for place in range(1, len(entries) + 1)]
