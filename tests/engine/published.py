"""Reads the numbers published beside the clone; a clone elsewhere has none, and the tests that need them skip."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[3] / "shared" / "acceptance"


def cases(name: str) -> list[Any]:
    """The list in one file, or a single None where it is absent."""
    file = FOLDER / name
    return list(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else [None]


def vectors() -> dict[str, Any]:
    """The named Chinese conventions; skips the test where they are absent."""
    file = FOLDER / "domain_vectors.json"
    if not file.exists():
        pytest.skip("published vectors are not beside this clone")
    return dict(json.loads(file.read_text(encoding="utf-8")))


def fen(yuan: str) -> int:
    """An amount in yuan as fen, exactly."""
    amount = Decimal(yuan) * 100
    assert amount == int(amount)
    return int(amount)
