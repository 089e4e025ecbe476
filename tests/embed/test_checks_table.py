"""The table of what widgets and partners are promised: fifty rows, and every check that it names is there."""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
STATES = {"there", "partly", "missing", "elsewhere"}  # elsewhere: not of the widgets; checked by its own capability


def test_every_named_check_exists() -> None:
    rows = json.loads((ROOT / "docs" / "widgets-checks.json").read_text())
    assert [row["row"] for row in rows] == list(range(1, 51))
    for row in rows:
        assert row["state"] in STATES
        assert bool(row["check"]) == (row["state"] in {"there", "partly"}), row
        path, _, name = row["check"].partition("::")
        if path:
            source = (ROOT / path).read_text()
            assert not name or f"def {name}(" in source, row
