"""The engine's refusals by code, read from its source: the reason stands where it is raised, nowhere else."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import app.engine
from app.engine import errors


def engine_refusals() -> dict[str, str]:
    """{code: what it says to the caller}; where a code is raised in several places, what the first one says."""
    found: dict[str, str] = {}
    for module in pkgutil.walk_packages(app.engine.__path__, "app.engine."):
        source = inspect.getsource(importlib.import_module(module.name))
        for code, text in _refusals(ast.parse(source)):
            found[code] = found.get(code) or text
    return found


def _refusals(tree: ast.Module) -> Iterator[tuple[str, str]]:
    subjects = {kind.__name__: kind.subject for kind in errors.EngineError.__subclasses__()}
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in subjects:
                for reason in _texts(call.args[0], function):
                    yield f"{subjects[call.func.id]}.{reason}", next(_texts(call.args[1], function), "")


def _texts(node: ast.expr, function: ast.FunctionDef) -> Iterator[str]:
    """The constant texts that an argument can be, through a variable or a choice of two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body, function)
        yield from _texts(node.orelse, function)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    elif isinstance(node, ast.Name):
        for line in ast.walk(function):
            if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == node.id:
                yield from _texts(line.value, function)
