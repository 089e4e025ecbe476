"""Whatever the program stores has words in both languages."""

from __future__ import annotations

from typing import get_args

import pytest

from app.adapters.wechat_pay import NoticeFault
from app.console.views import wording
from app.payments.domain import Expected, Received, judge

ORDER = Expected(out_trade_no="N1", appid="wx1", amount_fen=100, payer_openid="o1", status="opened")
PAYMENT = {"out_trade_no": "N1", "mchid": "m1", "appid": "wx1", "trade_state": "SUCCESS", "amount_fen": 100}
FITS = Received(**PAYMENT, currency="CNY", payer_openid="o1")  # type: ignore[arg-type]


@pytest.mark.parametrize("fault", get_args(NoticeFault))
def test_a_refused_notice_says_why(fault: str) -> None:
    assert wording.phrase(f"notice_{fault}") != (f"notice_{fault}",) * 2


def test_a_judged_notice_says_why() -> None:
    for expected, mchid in ((ORDER, "m1"), (None, "m1"), (ORDER, "m2")):
        key = f"notice_{judge(FITS, expected, mchid)[1]}"
        assert wording.phrase(key) != (key, key)
