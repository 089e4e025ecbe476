"""Words of waivers and write-offs: parts, reasons, and what was refused."""

from __future__ import annotations

from collections.abc import Mapping

PHRASES: Mapping[str, tuple[str, str]] = {
    "do_waiver": ("减免", "waiver"),
    "do_write_off": ("核销", "write-off"),
    "part_principal_fen": ("本金", "Principal"),
    "part_interest_fen": ("利息", "Interest"),
    "part_penalty_fen": ("罚息", "Penalty"),
    "part_compound_fen": ("复利", "Compound interest"),
    "why_hardship": ("客户经营或生活困难", "the customer cannot pay it"),
    "why_bank_error": ("本行差错", "the bank's mistake"),
    "why_dispute": ("争议处理", "settles a dispute"),
    "why_agreement": ("和解协议", "part of a settlement"),
    "why_policy": ("政策要求", "a public policy asks for it"),
    "why_bankruptcy": ("破产", "bankruptcy"),
    "why_death": ("借款人死亡", "death of the borrower"),
    "why_court": ("法院终结执行", "enforcement ended without result"),
    "why_uncollectable": ("确实无法收回", "no trace, no assets"),
    "why_small": ("金额小，追收不合算", "too small to pursue"),
    "waiver.amounts_wrong": ("填要减免的金额，单位元，至少一项大于零。", "Say what is waived, in yuan, above zero."),
    "waiver.too_large": ("超过今天到期未还的金额。", "That is more than what is due and unpaid today."),
    "relief.reason_unknown": ("选一个理由。", "Choose one of the reasons."),
    "relief.nothing_owed": ("借款已结清，没有欠款。", "The loan is settled; nothing is owed."),
    "write_off.already": ("已经核销过。", "The loan was written off before."),
    "write_off.not_yet": (
        "还不到规定的分类和逾期天数，不能核销。",
        "The rule asks for a worse class or more days late.",
    ),
}
