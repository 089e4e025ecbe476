"""Templates balance for all amounts, and a bad one is refused when it is written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ledger.domain import CREDIT, DEBIT, TEMPLATES, Account, AmountsWrong, Line, Template, TemplateUnbalanced


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda template: template.name)
@settings(deadline=None)
@given(data=st.data())
def test_every_template_balances_for_any_amounts(template, data):
    symbols = sorted({line.symbol for line in template.lines})
    amounts = {symbol: data.draw(st.integers(0, 10**15)) for symbol in symbols}
    if not any(amounts.values()):
        with pytest.raises(AmountsWrong):
            template.entries(amounts)
        return
    entries = template.entries(amounts)
    assert sum(amount for _, amount in entries) == 0
    assert all(amount for _, amount in entries)
    assert len({account for account, _ in entries}) == len(entries)


@pytest.mark.parametrize(
    "lines",
    [
        (Line(DEBIT, Account.SUSPENSE, "a"),),
        (Line(DEBIT, Account.SUSPENSE, "a"), Line(CREDIT, Account.SUSPENSE, "b")),
        (Line(DEBIT, Account.SUSPENSE, "a"), Line(DEBIT, Account.LOAN_PRINCIPAL, "a")),
    ],
)
def test_a_template_that_could_be_unbalanced_is_refused(lines):
    with pytest.raises(TemplateUnbalanced):
        Template("bad", "bad", lines)


@pytest.mark.parametrize("amounts", [{}, {"amount": -1}, {"amount": 0}, {"amount": 1, "other": 1}])
def test_amounts_that_do_not_fit_are_refused(amounts):
    with pytest.raises(AmountsWrong):
        TEMPLATES["transfer_sent"].entries(amounts)
