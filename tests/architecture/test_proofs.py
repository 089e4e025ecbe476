"""The table of what must hold: every row is there, and every test that it names exists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "reliability.md"
ROWS = (
    *(f"R{number}" for number in (1, 2, 3, 4, 5, 6, 7, 20, 24, 25, 31, 32)),
    *(f"C{number}" for number in (1, 4, 5, 8, 9, 11, 12, 13, 14, 15, 16, 17, 19, 22, 23, 24, 25, 26, 27)),
    *(f"O{number}" for number in (1, 3, 4, 5, 8, 9, 10, 11, 13)),
    *(f"P{number}" for number in (4, 5, 6, 8, 9, 10, 11, 12, 13, 17, 18, 19, 20, 23, 24, 25)),
    *(f"W{number}" for number in (2, 4, 7, 8, 9, 10, 13)),
    *(f"F{number}" for number in (1, 2, 4, 5, 6, 7, 10)),
)


@dataclass(frozen=True)
class Proof:
    """One row of the table."""

    number: str
    sentence: str
    state: str
    tests: tuple[str, ...]
    missing: str


def proofs() -> list[Proof]:
    """The rows in their order."""
    found = []
    for line in TABLE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.fullmatch(r"[A-Z]\d+", cells[0]):
            number, sentence, state, tests, missing = cells
            found.append(Proof(number, sentence, state, tuple(re.findall(r"`([^`]+)`", tests)), missing))
    return found


def test_every_row_is_there_once():
    assert [proof.number for proof in proofs()] == list(ROWS)


def test_a_row_says_what_it_does_not_show():
    for proof in proofs():
        assert proof.state in {"proven", "partly", "not proven"}, proof
        assert bool(proof.tests) == (proof.state != "not proven"), proof
        assert bool(proof.missing) == (proof.state == "partly"), proof


def test_every_named_test_exists():
    for proof in proofs():
        for named in proof.tests:
            path, _, name = named.partition("::")
            assert re.search(rf"^ *def {re.escape(name)}\(", (ROOT / path).read_text(), re.MULTILINE), named
