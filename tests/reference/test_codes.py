"""Every problem code that the program can answer has a page, which is where `type` points."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from app import process
from app.kernel.errors import Problem
from app.reference.catalogue import codes
from tests.architecture import rules
from tests.engine import test_calculator as engine_refusals

CODE = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)?")


def declared() -> Iterator[str]:
    """Codes as they stand in the source: class attributes, and what `render` is called with."""
    for _, source in rules.sources("app"):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ClassDef) and not any("Base" in ast.unparse(base) for base in node.bases):
                for line in node.body:
                    if isinstance(line, ast.Assign | ast.AnnAssign) and isinstance(line.value, ast.Constant):
                        target = line.targets[0] if isinstance(line, ast.Assign) else line.target
                        if ast.unparse(target) == "code" and line.value.value:  # of a filter: none
                            yield str(line.value.value)
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "render":
                yield from (str(one.value) for one in node.args[1:2] if isinstance(one, ast.Constant))


def raised_by_the_engine() -> Iterator[str]:
    """Reasons as they stand at `raise`, by another way than the catalogue's."""
    kinds = {"ScheduleError": "schedule", "CostError": "cost", "PrepaymentError": "prepayment", "ReplayError": "loan"}
    for path, source in rules.sources("app"):
        if path.startswith("app/engine/"):
            for kind, reason in re.findall(r'raise (\w+Error)\(\s*"([a-z_0-9]+)"', source):
                if kind in kinds:
                    yield f"{kinds[kind]}.{reason}"


def test_every_declared_code_is_in_the_catalogue(app: object) -> None:
    found = set(declared())
    assert len(found) > 100
    assert found - set(codes()) == set()


def test_every_code_of_the_engine_is_in_the_catalogue(app: object) -> None:
    found = set(raised_by_the_engine()) | {code for _, code in engine_refusals.REFUSED}
    assert len(found) > 60
    assert found - set(codes()) == set()


def test_classes_that_only_jobs_know_are_there_too(app: object) -> None:
    process.import_jobs()
    todo, known = [Problem], set()
    while todo:
        kind = todo.pop()
        todo += kind.__subclasses__()
        if kind.__module__.startswith("app."):
            known.add(kind.code)
    assert known - set(codes()) == set()


def test_every_code_has_a_page_that_says_what_to_do(client: FlaskClient) -> None:
    listed = client.get("/docs/errors?lang=en").text
    for code, one in codes().items():
        assert CODE.fullmatch(code), code
        assert f'href="/docs/errors/{code}?lang=en"' in listed
        page = client.get(f"/docs/errors/{code}?lang=en")
        assert page.status_code == 200, code
        assert f"{one.status} " in page.text and "What to do" in page.text
        assert len(one.meaning) > 8 and one.meaning.rstrip().endswith("."), code


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/nothing", None),
        ("DELETE", "/healthz", None),
        ("GET", "/customer/v1/loans", None),
        ("GET", "/partner/v1/whoami", None),
        ("POST", "/public/v1/schedules", b"{"),
        ("POST", "/public/v1/schedules", b"{}"),
        ("POST", "/customer/v1/sign-in/phone", b'{"x": "' + b"1" * (1 << 20) + b'"}'),
    ],
    ids=["404", "405", "401", "unsigned", "malformed", "invalid", "413"],
)
def test_the_type_of_a_problem_is_the_address_of_its_page(
    client: FlaskClient, method: str, path: str, body: bytes | None
) -> None:
    refused = client.open(path, method=method, data=body, content_type="application/json" if body else None)
    told = refused.get_json()
    page = client.get(told["type"])
    assert page.status_code == 200
    assert told["code"] in page.text and f"{refused.status_code} {told['title']}" in page.text.replace("&#39;", "'")


def test_a_page_names_the_operations_that_tell_of_the_code(client: FlaskClient) -> None:
    page = client.get("/docs/errors/loan.not_payable?lang=en").text
    assert 'href="/docs/customer?lang=en#post_loans_loan_id_early_repayment_quotes"' in page
