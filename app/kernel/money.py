"""Money as people write it; arithmetic is on whole fen everywhere else."""

from __future__ import annotations


def format_yuan(amount_fen: int) -> str:
    """`1299900` → `12,999.00`; minus is U+2212."""
    sign = "\u2212" if amount_fen < 0 else ""
    yuan, fen = divmod(abs(amount_fen), 100)
    return f"{sign}{yuan:,}.{fen:02d}"


