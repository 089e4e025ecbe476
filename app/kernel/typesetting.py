"""Papers: content as data and a layout become one PDF/A-2b with Chinese fonts embedded (typst)."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from app.kernel.errors import Unavailable

SERIF, SANS = "Noto Serif CJK SC", "Noto Sans CJK SC"
_turn = threading.Lock()  # a compiler refuses a second paper while it sets one, and a paper takes some 50 ms


class TypesettingFailed(Unavailable):
    """The paper could not be made; nothing was changed."""

    code = "document.rendering_failed"


def typeset(layout: Path, content: Mapping[str, Any]) -> bytes:
    """The PDF of a content in a layout (`.typ`; it may read its neighbours). Call it outside a transaction.

    Content is handed over as data, so that no text in it is read as markup. The same content gives the same bytes.
    Raises TypesettingFailed, also for a mere warning: a paper with a missing glyph is none.
    """
    inputs = {"content": json.dumps(content, ensure_ascii=False), "font": SERIF, "sans": SANS}
    try:
        with _turn:
            pdf, warnings = _compiler(layout.parent).compile_with_warnings(
                input=layout, format="pdf", sys_inputs=inputs, pdf_standards=["a-2b"]
            )
    except typst.TypstError as error:
        raise TypesettingFailed("The paper could not be made.") from error
    if warnings:
        raise TypesettingFailed("The paper was made with warnings.", warnings=len(warnings))
    if not isinstance(pdf, bytes):
        raise TypesettingFailed("The paper did not become one PDF.")
    return pdf


def fingerprint(layout: Path, content: Mapping[str, Any]) -> str:
    """SHA-256 over a content and all layouts beside its own: two papers with one fingerprint are the same paper."""
    digest = hashlib.sha256(_layouts(layout.parent))
    digest.update(layout.name.encode())
    digest.update(json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())
    return digest.hexdigest()


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Read once a process: that is what takes time. Raises TypesettingFailed without the fonts."""
    fonts = typst.Fonts()
    missing = [name for name in (SERIF, SANS) if name not in fonts.families()]
    if missing:
        raise TypesettingFailed("The Chinese fonts are not installed (Debian: fonts-noto-cjk).", missing=missing)
    return fonts


@lru_cache
def _compiler(folder: Path) -> typst.Compiler:
    return typst.Compiler(root=folder, font_paths=_fonts())


@lru_cache
def _layouts(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("*.typ")))
