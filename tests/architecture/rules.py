"""The house's rules that import-linter cannot say, as functions over source text; each answers its violations."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
CAPABILITIES = (
    *"ledger customers partners databox contracts credit payments debits".split(),  # noqa: SIM905
    *"loans reconciliation orders webhooks messages embed simulation console portal".split(),  # noqa: SIM905
)
DOORS = {"usecases", "queries", "events", "domain"}
EDGES = {"routes", "jobs", "cli", "kernel", "process", "worker", "demo", "api", "audiences", "pages"}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "manager", "service", "base", "data", "info", "common", "misc"}
MAX_FILE, MAX_TEST_FILE, MAX_FUNCTION = 250, 400, 40


def sources(*folders: str) -> Iterator[tuple[str, str]]:
    """(path relative to the root, text) of every Python file of some top folders."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "node_modules" not in path.parts:
                yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def _imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name


def side_entrances(path: str, source: str) -> list[str]:
    """Another capability is entered only through its usecases, queries, events or domain."""
    parts = path.split("/")
    own = parts[1] if len(parts) > 2 else ""
    found = []
    for line, name in _imports(ast.parse(source)):
        words = name.split(".")
        if words[0] != "app" or len(words) < 3 or words[1] not in CAPABILITIES or words[1] == own:
            continue
        if not own:  # the roots wire everything together
            continue
        if words[2] not in DOORS:
            found.append(f"{path}:{line} enters {words[1]} through {words[2]}")
    return found


def transactions_off_the_edge(path: str, source: str) -> list[str]:
    """`commit`, `rollback` and `transaction` appear only at the edges."""
    if set(Path(path).with_suffix("").parts) & EDGES:
        return []
    found = []
    for node in ast.walk(ast.parse(source)):
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else None
        if name in {"commit", "rollback"} and isinstance(node, ast.Attribute):
            found.append(f"{path}:{node.lineno} {name}")
        if _calls(node, "transaction") or _calls(node, "retrying"):
            found.append(f"{path}:{node.lineno} opens a transaction")
    return found


def outside_calls_in_transactions(path: str, source: str) -> list[str]:
    """No channel is called inside `with transaction()`."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.With) and any(_calls(item.context_expr, "transaction") for item in node.items):
            inside = ast.walk(ast.Module(body=node.body, type_ignores=[]))
            found += [f"{path}: {ast.unparse(call)} inside a transaction" for call in inside if _is_channel_call(call)]
    return found


def _calls(node: ast.AST | None, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def _is_channel_call(node: ast.AST) -> bool:
    """`channels().<channel>.<method>(…)`: reading an attribute such as `.mchid` is no call to the outside."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Attribute)
        and _calls(node.func.value.value, "channels")
    )


def patched_ourselves(path: str, source: str) -> list[str]:
    """No `mock.patch` or `monkeypatch.setattr` on our own modules."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in {"patch", "MagicMock"} and path.startswith("tests"):
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            if owner in {"mock", "mocker"}:
                found.append(f"{path}:{node.lineno} {owner}.{node.attr}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "setattr":
            first = ast.unparse(node.args[0]) if node.args else ""
            if first.strip("'\"").split(".")[0] in {"app", "sandbox"}:
                found.append(f"{path}:{node.lineno} setattr on {first}")
    return found


def badly_named(path: str) -> list[str]:
    """File and folder names say what lives there."""
    return [f"{path}: {word}" for word in Path(path).with_suffix("").parts if word in FORBIDDEN_NAMES]


def too_long(path: str, source: str) -> list[str]:
    """Files and functions stay short enough to be read at once."""
    limit = MAX_TEST_FILE if path.startswith("tests/") else MAX_FILE
    lines = source.count("\n")
    found = [f"{path}: {lines} lines"] if lines > limit else []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not path.startswith("tests/"):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MAX_FUNCTION:
                found.append(f"{path}:{node.lineno} {node.name} has {length} lines")
    return found


def without_first_sentence(path: str, source: str) -> list[str]:
    """A module starts with one sentence on what lives here."""
    return [] if not source.strip() or ast.get_docstring(ast.parse(source)) else [path]


def wall_clock(path: str, source: str) -> list[str]:
    """Business code asks `kernel.clock`; the database's now() stays out of it."""
    exempt = {"app/kernel/clock.py", "app/kernel/health.py", "app/kernel/web/limits.py"}  # the limiter counts real time
    if path in exempt or not path.startswith("app/"):
        return []
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            called = ast.unparse(node.func)
            if called in {"datetime.now", "datetime.utcnow", "date.today", "func.now", "time.time"}:
                found.append(f"{path}:{node.lineno} {called}()")
    return found
