"""The Python SDK as a wheel, made of its source, so that a stranger installs it from the bank by one command."""

from __future__ import annotations

import base64
import hashlib
import io
import tomllib
import zipfile
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "sdk" / "python"
FIRST_DAY = (2026, 1, 1, 0, 0, 0)  # the same bytes from the same source


@cache
def wheel() -> tuple[str, bytes]:
    """(file name, content), as the binary distribution format (PEP 427) has it."""
    project = tomllib.loads((SOURCE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    stem = f"{project['name'].replace('-', '_')}-{project['version']}"
    files = {
        str(path.relative_to(SOURCE)): path.read_bytes()
        for path in sorted((SOURCE / "dukou_partner").rglob("*"))
        if path.name == "py.typed" or path.suffix == ".py"
    }
    about = f"{stem}.dist-info"
    needs = "".join(f"Requires-Dist: {one}\n" for one in project["dependencies"])
    commands = "".join(f"{name} = {target}\n" for name, target in project["scripts"].items())
    told = {
        "METADATA": f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
        f"Summary: {project['description']}\nRequires-Python: {project['requires-python']}\n{needs}",
        "WHEEL": "Wheel-Version: 1.0\nGenerator: dukou\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "entry_points.txt": f"[console_scripts]\n{commands}",
    }
    files |= {f"{about}/{name}": text.encode() for name, text in told.items()}
    files[f"{about}/RECORD"] = _record(files, f"{about}/RECORD")
    return f"{stem}-py3-none-any.whl", _zipped(files)


def _record(files: dict[str, bytes], own: str) -> bytes:
    lines = []
    for name, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(content)}\n")
    return "".join([*lines, f"{own},,\n"]).encode()


def _zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, FIRST_DAY)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()
