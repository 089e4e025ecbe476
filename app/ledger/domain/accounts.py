"""The accounts of the general ledger; a bank maps them to its own chart."""

from __future__ import annotations

from enum import StrEnum


class Account(StrEnum):
    """Accounts of the general ledger that this system keeps; a bank maps them to its own chart."""

    LOAN_PRINCIPAL = "loan_principal"
    BANK_SETTLEMENT = "bank_settlement"
    TRANSFERS_IN_TRANSIT = "transfers_in_transit"
    WECHAT_PAY_CLEARING = "wechat_pay_clearing"
    INTEREST_RECEIVABLE = "interest_receivable"
    PENALTY_RECEIVABLE = "penalty_receivable"
    INTEREST_PAID_AHEAD = "interest_paid_ahead"
    INTEREST_INCOME = "interest_income"
    PENALTY_INCOME = "penalty_income"
    FEE_INCOME = "fee_income"
    CUSTOMER_CREDIT = "customer_credit"
    SUSPENSE = "suspense"
    REFUNDS_IN_TRANSIT = "refunds_in_transit"
    CHANNEL_FEES = "channel_fees"
    RECONCILIATION_DIFFERENCES = "reconciliation_differences"
    MERCHANT_PAYABLES = "merchant_payables"
    PARTNER_CLAIMS = "partner_claims"
    LOAN_LOSSES = "loan_losses"
    LOAN_LOSS_ALLOWANCE = "loan_loss_allowance"
    RECOVERIES = "recoveries"
    WRITTEN_OFF_CLAIMS = "written_off_claims"
    OFF_BALANCE_INTEREST = "off_balance_interest"
    OFF_BALANCE_CONTRA = "off_balance_contra"
