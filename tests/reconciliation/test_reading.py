"""Bills are read exactly by the names of their columns, or refused whole."""

from __future__ import annotations

import pytest

from app.reconciliation.domain.rows import BillUnreadable
from app.reconciliation.domain.wechat_bills import amount, fund_flow_bill, trade_bill

HEADER = "交易时间,商户号,微信订单号,商户订单号,交易状态,微信退款单号,商户退款单号,退款状态,"
HEADER += "商品名称,手续费,订单金额,申请退款金额"
ROW = "`2026-11-22 10:00:00,`1900000001,`4200,`DK1,`SUCCESS,`0,`0,`,`还款,第1期,`51.36000,`8560.66,`0.00"
TOTALS = "总交易单数,订单总金额,申请退款总金额,手续费总金额", "`1,`8560.66,`0.00,`51.36000"
FLOW = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),"
FLOW += "账户结余(元),资金变更提交申请人,备注,业务凭证号"
FLOW_ROWS = (
    "`2026-11-22 10:00:00,`4200,`F1,`小程序,`交易,`收入,`8560.66,`8560.66,`system,`,`DK1",
    "`2026-11-22 10:00:00,`4200,`F2,`小程序,`扣除交易手续费,`支出,`51.36,`8509.30,`system,`,`DK1",
    "`2026-11-22 23:00:00,`,`F3,`提现,`提现,`支出,`8509.30,`0.00,`system,`=cmd|calc,`",
)
FLOW_TOTALS = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额", "`3,`1,`8560.66,`2,`8560.66"


def read(*lines: str, newline: str = "\r\n", start: bytes = b"", make=trade_bill):
    bill = make([start * (n == 0) + (line + newline).encode() for n, line in enumerate(lines)])
    return bill, list(bill)


@pytest.mark.parametrize(("start", "newline"), [(b"", "\r\n"), (b"", "\n"), (b"\xef\xbb\xbf", "\r\n")])
def test_a_whole_bill(start, newline):
    bill, [row] = read(HEADER, ROW, *TOTALS, newline=newline, start=start)
    assert (bill.complete, bill.totals_agree, bill.row_count) == (True, True, 1)
    assert (row.kind, row.their_no, row.our_no, row.merchant) == ("payment", "4200", "DK1", "1900000001")
    assert (row.amount_fen, row.fee_milli, row.occurred_at) == (856_066, 5_136_000, "2026-11-22 10:00:00+08:00")


def test_columns_are_found_by_name_in_any_order_and_under_their_old_name():
    names, values = HEADER.replace("订单金额", "总金额").split(","), ROW[1:].split(",`")
    turned = ",".join(reversed(names)), ",".join(f"`{value}" for value in reversed(values))
    assert read(*turned, *TOTALS)[1] == read(HEADER, ROW, *TOTALS)[1]
    with pytest.raises(BillUnreadable, match="手续费"):
        read(HEADER.replace("手续费", "别的"), ROW, *TOTALS)


@pytest.mark.parametrize(
    "wrong",
    [
        ("8560.66", "8,560.66"), ("8560.66", "8560.6"), ("8560.66", "８560.66"), ("8560.66", "1e9.00"), ("8560.66", ""),
        ("8560.66", " 8560.66"), ("51.36000", "51.360000"), ("2026-11-22 10", "2026-22-11 10"), ("4200", "4" * 65),
        ("`DK1", "`DK1,`more"), ("10:00:00", "10:00:00Z"),
    ],
)  # fmt: skip
def test_what_is_not_exactly_as_described_refuses_the_file(wrong):
    with pytest.raises(BillUnreadable) as fault:
        read(HEADER, ROW.replace(*wrong), *TOTALS)
    assert "8560" not in str(fault.value) and "4200" not in str(fault.value)


def test_other_encodings_are_refused():
    with pytest.raises(BillUnreadable, match="UTF-8"):
        list(trade_bill([(HEADER + "\n").encode("gbk")]))


def test_lines_after_the_totals_refuse_the_file():
    with pytest.raises(BillUnreadable, match="after the totals"):
        read(HEADER, ROW, *TOTALS, ROW)


@pytest.mark.parametrize("kept", [0, 1, 2, 3])
def test_a_file_without_its_totals_is_not_complete(kept):
    bill, _ = read(*(HEADER, ROW, *TOTALS)[:kept]) if kept else (trade_bill([]), [])
    list(bill)
    assert not bill.complete


def test_fund_flows():
    bill, rows = read(FLOW, *FLOW_ROWS, *FLOW_TOTALS, make=fund_flow_bill)
    assert [(row.kind, row.state, row.amount_fen) for row in rows] == [
        ("payment", "in", 856_066), ("fee", "out", 5_136), ("withdrawal", "out", 850_930),
    ]  # fmt: skip
    assert bill.complete and bill.totals_agree
    assert not read(FLOW, *FLOW_ROWS[:2], *FLOW_TOTALS, make=fund_flow_bill)[0].totals_agree
    with pytest.raises(BillUnreadable):
        read(FLOW, FLOW_ROWS[0].replace("收入", "其他"), *FLOW_TOTALS, make=fund_flow_bill)


def test_amounts():
    assert [amount(text, 1, "x") for text in ("0.01", "-12.30", "0.00")] == [1, -1230, 0]
    assert [amount(text, 1, "x", fee=True) for text in ("0.00001", "-0.06", "51.360")] == [1, -6000, 5_136_000]
