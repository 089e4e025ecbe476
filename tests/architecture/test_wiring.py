"""Events, jobs and routes fit together: every name that is spoken is known to somebody."""

from __future__ import annotations

import ast
import importlib
import re

import pytest

from app import process
from app.kernel import jobs, outbox
from app.wiring import LISTENERS
from tests.architecture import rules

ENQUEUED_BY_NAME = re.compile(r'enqueue\(\s*\w+,\s*"([a-z_.]+)"')


@pytest.fixture(scope="module", autouse=True)
def everything_imported():
    process.import_jobs()
    process.import_modules("events")


def _events() -> dict[str, type[outbox.Event]]:
    found, todo = {}, [outbox.Event]
    while todo:
        for kind in todo.pop().__subclasses__():
            todo.append(kind)
            if hasattr(kind, "name"):
                found[kind.name] = kind
    return found


def test_every_listener_is_a_job_and_every_event_exists():
    assert {task for tasks in LISTENERS.values() for task in tasks} - set(jobs.TASKS) == set()
    assert set(LISTENERS) - set(_events()) == set()


def test_every_name_that_is_enqueued_is_a_job():
    named = {name for _, source in rules.sources("app") for name in ENQUEUED_BY_NAME.findall(source)}
    assert named, "the pattern finds the calls"
    assert named - set(jobs.TASKS) == set()


def test_every_job_is_proven_to_run_twice_as_once():
    tests = "\n".join(source for path, source in rules.sources("tests") if "test_" in path)
    proven = set(re.findall(r'run_jobs\.again\("([a-z_.]+)"\)|twice\("([a-z_.]+)"', tests))
    names = {name for pair in proven for name in pair if name}
    listed = set(re.findall(r'RUN_TWICE = \{([^}]*)\}', tests))
    for block in listed:
        names |= set(re.findall(r'"([a-z_.]+)"', block))
    assert set(jobs.TASKS) - names == set()


def test_events_carry_no_personal_fields():
    personal = {"name_", "phone", "id_no", "openid", "account_no", "email", "token"}
    for kind in _events().values():
        assert not personal & set(kind.__dataclass_fields__), kind


def test_every_route_belongs_to_one_audience(app):
    audiences = app.extensions["audiences"]
    unknown = {rule.endpoint for rule in app.url_map.iter_rules()} - {"static"}
    strays = {name for name in unknown if name.split(".")[0] not in audiences and "-api-docs." not in name}
    assert strays == set()


def test_every_blueprint_of_the_program_is_served(app):
    """A blueprint that nobody registered is dead code; the surface page names them all."""
    from app.api import SURFACE

    served = {id(blueprint) for blueprint, _ in SURFACE}
    unserved = set()
    for path, source in rules.sources("app"):
        module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for node in ast.parse(source).body:
            called = node.value if isinstance(node, ast.Assign) else None
            if isinstance(called, ast.Call) and ast.unparse(called.func) in {"Routes", "Blueprint"}:
                name = ast.unparse(node.targets[0])
                if id(getattr(importlib.import_module(module), name)) not in served:
                    unserved.add(f"{module}.{name}")
    assert unserved == set()
