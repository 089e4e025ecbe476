"""The house keeps its rules, and each rule catches a planted violation."""

from __future__ import annotations

import pytest

from tests.architecture import rules

APP = list(rules.sources("app"))
ALL = list(rules.sources("app", "config", "launcher", "sandbox", "migrations", "tests", "sdk"))

BY_SOURCE = [
    (rules.side_entrances, APP),
    (rules.transactions_off_the_edge, APP),
    (rules.outside_calls_in_transactions, APP),
    (rules.wall_clock, APP),
    (rules.patched_ourselves, ALL),
    (rules.too_long, ALL),
    (rules.without_first_sentence, ALL),
]


@pytest.mark.parametrize(("rule", "files"), BY_SOURCE, ids=lambda value: getattr(value, "__name__", ""))
def test_the_house_keeps_its_rules(rule, files):
    assert [violation for path, source in files for violation in rule(path, source)] == []


def test_names_say_what_lives_there():
    assert [violation for path, _ in ALL for violation in rules.badly_named(path)] == []


PLANTED = [
    (rules.side_entrances, "app/loans/usecases.py", "from app.credit.models import Application"),
    (rules.side_entrances, "app/loans/usecases.py", "from app.credit import schemas"),
    (rules.transactions_off_the_edge, "app/loans/usecases.py", "def f(session):\n    session.commit()"),
    (rules.transactions_off_the_edge, "app/loans/queries.py", "def f():\n    with transaction() as s:\n        pass"),
    (
        rules.outside_calls_in_transactions,
        "app/loans/jobs.py",
        "with transaction() as s:\n    channels().core_bank.send_transfer(order)",
    ),
    (rules.wall_clock, "app/loans/domain.py", "from datetime import datetime\nx = datetime.now(UTC)"),
    (rules.patched_ourselves, "tests/x.py", "from unittest import mock\nmock.patch('app.loans.x')"),
    (rules.patched_ourselves, "tests/x.py", "def t(monkeypatch):\n    monkeypatch.setattr('app.loans.x', 1)"),
    (rules.too_long, "app/x.py", "x = 1\n" * 251),
    (rules.too_long, "app/x.py", "def f():\n" + "    x = 1\n" * 41),
    (rules.without_first_sentence, "app/x.py", "x = 1"),
]


@pytest.mark.parametrize(("rule", "path", "source"), PLANTED, ids=lambda value: getattr(value, "__name__", None))
def test_each_rule_catches_a_planted_violation(rule, path, source):
    assert rule(path, source)


@pytest.mark.parametrize("path", ["app/loans/utils.py", "app/base/x.py", "tests/helpers.py"])
def test_bad_names_are_caught(path):
    assert rules.badly_named(path)
