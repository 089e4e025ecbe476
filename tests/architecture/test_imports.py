"""Every import contract holds, and each catches a planted violation."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.rules import ROOT

PLANTS = {
    "app/kernel/planted.py": "import app.loans.queries, dukou_partner",
    "app/loans/domain_planted.py": "",
    "app/payments/events.py": "import app.payments.usecases, httpx, app.adapters",
    "app/payments/usecases/planted.py": "import app.payments.jobs, flask, marshmallow",
    "app/engine/planted.py": "import app.kernel.db, flask",
    "app/loans/queries.py": "import app.payments.routes, flask",
    "sandbox/planted.py": "import app.engine",
    "launcher/planted.py": "import app.engine",
}


def _contracts() -> list[dict[str, object]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def _lint(folder: Path) -> str:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def _broken(output: str) -> set[str]:
    return {name.strip() for name in re.findall(r"^(.*\S)\s+BROKEN", output, re.MULTILINE)}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for folder in ("app", "sandbox", "launcher", "config", "migrations"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contracts_hold(copy):
    output = _lint(copy)
    assert _broken(output) == set(), output
    assert f"Contracts: {len(_contracts())} kept, 0 broken." in output


def test_each_contract_catches_a_planted_violation(copy):
    for name, line in PLANTS.items():
        path = copy / name
        path.write_text((path.read_text() if path.exists() else '"""Planted."""\n') + f"\n{line}\n")
    tables = [c["id"].removeprefix("tables-") for c in _contracts() if c["id"].startswith("tables-")]
    channels = [c["id"].removeprefix("vendors-").replace("-", "_") for c in _contracts() if "vendors-" in c["id"]]
    imports = [f"import app.{name}.models" for name in tables]
    for channel in channels:
        module = next(p.stem for p in (copy / "app/adapters" / channel).glob("*.py") if p.stem != "__init__")
        imports.append(f"import app.adapters.{channel}.{module}")
    (copy / "app/planted_root.py").write_text('"""Planted."""\n' + "\n".join(imports) + "\n")
    broken = _broken(_lint(copy))
    assert {c["name"] for c in _contracts()} - broken == set()
