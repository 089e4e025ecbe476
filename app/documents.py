"""The OpenAPI documents of all audiences: made from the schemas, committed, checked for drift."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def make() -> dict[str, dict[str, Any]]:
    """{audience: document}; needs neither database nor settings."""
    from app.api import describe

    return {name: _finish(document.spec.to_dict()) for name, document in describe().items()}


def _finish(document: dict[str, Any]) -> dict[str, Any]:
    """Plain JSON values, and an operationId for each operation, so that generated clients have names."""
    plain: dict[str, Any] = json.loads(json.dumps(document, sort_keys=True, default=str))
    for path, operations in plain.get("paths", {}).items():
        for method, operation in operations.items():
            if method in {"get", "post", "put", "patch", "delete"}:
                words = [word.strip("{}") for word in path.strip("/").split("/")[2:]]
                operation["operationId"] = "_".join([method, *words]).replace("-", "_")
    return plain


def text(document: dict[str, Any]) -> str:
    """The one way a document is written."""
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def write(folder: Path) -> int:
    """Write all documents."""
    folder.mkdir(exist_ok=True)
    for name, document in make().items():
        (folder / f"{name}.json").write_text(text(document), encoding="utf-8")
    return 0


def check(folder: Path) -> int:
    """0 when the committed documents are what the program serves."""
    stale = [name for name, document in make().items() if _committed(folder / f"{name}.json") != text(document)]
    if stale:
        print(f"openapi/ has drifted: {', '.join(stale)}; run `make openapi`.", file=sys.stderr)  # noqa: T201
    return 1 if stale else 0


def _committed(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
