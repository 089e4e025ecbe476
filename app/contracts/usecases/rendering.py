"""The contract's document: Chinese PDF/A-2b, fonts embedded; made outside any transaction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.contracts.domain.contracts import RenderingFailed
from app.kernel.typesetting import TypesettingFailed, typeset

LAYOUT = Path(__file__).parents[1] / "templates" / "loan_contract.typ"


def render_contract(content: dict[str, Any]) -> bytes:
    """The PDF of a contract. Raises RenderingFailed, also for a missing glyph: such a paper is not a contract."""
    try:
        return typeset(LAYOUT, content)
    except TypesettingFailed as failure:
        raise RenderingFailed(failure.detail, **failure.context) from failure
