"""The contract's document: Chinese PDF/A-2b by typst, fonts embedded; made outside any transaction."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from app.contracts.domain.contracts import RenderingFailed

TEMPLATES = Path(__file__).parents[1] / "templates"
FONT = "Noto Serif CJK SC"


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    """One compiler a process: reading the fonts is what takes time. Raises RenderingFailed without the font."""
    fonts = typst.Fonts()
    if FONT not in fonts.families():
        raise RenderingFailed(f"The font {FONT} is not installed (Debian: fonts-noto-cjk).")
    return typst.Compiler(root=TEMPLATES, font_paths=fonts)


def render_contract(content: dict[str, Any]) -> bytes:
    """The PDF of a contract. Content is handed over as data, so no text in it is read as markup.

    Raises RenderingFailed, also for a mere warning: a paper with a missing glyph is not a contract.
    """
    try:
        pdf, warnings = _compiler().compile_with_warnings(
            input=TEMPLATES / "loan_contract.typ",
            format="pdf",
            sys_inputs={"content": json.dumps(content, ensure_ascii=False), "font": FONT},
            pdf_standards=["a-2b"],
        )
    except typst.TypstError as error:
        raise RenderingFailed("The contract could not be rendered.") from error
    if warnings:
        raise RenderingFailed("The contract was rendered with warnings.", warnings=len(warnings))
    if not isinstance(pdf, bytes):
        raise RenderingFailed("The contract did not become one PDF.")
    return pdf
