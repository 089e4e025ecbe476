"""A rate that follows the LPR, in the words of cost sheet and contract; pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

NAMES = {
    "lpr_1y": ("一年期贷款市场报价利率（LPR）", "1-year LPR"),
    "lpr_5y": ("五年期以上贷款市场报价利率（LPR）", "5-year LPR"),
}
DAYS = {
    "january": ("每年 1 月 1 日", "each 1 January"),
    "anniversary": ("每年与放款日对应的日期", "each anniversary of the loan"),
}


def words_of(repricing: Mapping[str, Any]) -> dict[str, str]:
    """What the clauses of a floating rate are filled with; nothing for a fixed one."""
    if not repricing:
        return {}
    return {
        "benchmark": NAMES[repricing["benchmark"]][0],
        "benchmark_rate": _percent(repricing),
        "spread": _spread(repricing["spread_bps"]),
        "repriced_on": DAYS[repricing["on"]][0],
    }


def standard(repricing: Mapping[str, Any]) -> tuple[str, str]:
    """What is added to the standard of interest on the cost sheet, Chinese and English; empty for a fixed rate."""
    if not repricing:
        return "", ""
    (zh, en), (day_zh, day_en) = NAMES[repricing["benchmark"]], DAYS[repricing["on"]]
    rate, spread_bps = _percent(repricing), repricing["spread_bps"]
    sign = "+" if spread_bps >= 0 else "−"
    return (
        f"；浮动利率：{zh} {rate} {_spread(spread_bps)}，{day_zh}重新定价",
        f"; floating: {en} {rate} {sign} {abs(spread_bps)} basis points, set anew {day_en}",
    )


def _spread(spread_bps: int) -> str:
    return f"{'加' if spread_bps >= 0 else '减'} {abs(spread_bps)} 个基点"


def _percent(repricing: Mapping[str, Any]) -> str:
    return f"{Decimal(repricing['benchmark_rate']) * 100:.2f}%"
