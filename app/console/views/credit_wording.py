"""Words of reviews and of the catalogue: states, kinds, and what was refused."""

from __future__ import annotations

from collections.abc import Mapping

from app.console.views.words import Word

REVIEW: Mapping[str, Word] = {
    "open": Word("warn", "没有人接", "nobody has it"),
    "claimed": Word("go", "有人在看", "taken on"),
    "upheld": Word("hollow", "维持原决定", "refusal stands"),
    "reapply": Word("ok", "可以马上再申请", "may apply again"),
}
REVIEW_KIND: Mapping[str, Word] = {
    "requested": Word("plain go", "客户要求", "asked by the customer"),
    "second_look": Word("plain", "离批准线很近", "close to the cut-off"),
}
CATALOGUE: Mapping[str, Word] = {
    "proposed": Word("warn", "待复核", "waits for a second person"),
    "approved": Word("ok", "已批准", "approved"),
    "rejected": Word("hollow", "没有同意", "rejected"),
}
VERSION: Mapping[str, Word] = {
    "in_force": Word("ok", "在用", "in force"),
    "to_come": Word("go", "还没到日子", "to come"),
    "over": Word("hollow", "已被替换", "replaced"),
}
TABLES = {"review": REVIEW, "review_kind": REVIEW_KIND, "catalogue": CATALOGUE, "version": VERSION}

PHRASES: Mapping[str, tuple[str, str]] = {
    "step_submitted": ("提交", "applied"),
    "step_decided": ("有结果", "decided"),
    "step_approved": ("批准", "approved"),
    "step_signed": ("签约", "signed"),
    "step_drawn": ("放款", "paid out"),
    "kind_product": ("产品", "Product"),
    "kind_rules": ("规则", "Rules"),
    "review.answer_needed": ("写给客户的话要有 10 到 500 个字。", "The answer has 10 to 500 characters."),
    "review.not_found": ("没有这一条复核。", "There is no such review."),
    "proposal.not_found": ("没有这一条。", "There is no such proposal."),
    "proposal.exists": ("这个版本号已经提过，换一个。", "This version was proposed before; take another number."),
    "proposal.what_if_missing": ("先看看它会怎样改变过去的决定。", "First look at what it would have changed."),
    "proposal.day_over": ("生效日已经过去。", "The day on which it would come into force is over."),
    "proposal.share_too_large": (
        "挑战者合计不能超过一半；产品不能只给一部分企业。",
        "Challengers decide on at most half; a product is for everybody or nobody.",
    ),
    "proposal.form": ("有一项没有填对。", "One entry is not right."),
    "catalogue.forbidden_promise": ("有不许出现的承诺或宣传用语。", "There are words that may not be promised."),
    "product.malformed": ("产品内容不完整或写错了。", "The product lacks or misspells something."),
    "product.not_found": ("那一天没有这个产品。", "There is no such product on that day."),
    "rule_set.malformed": ("规则内容不完整或写错了。", "The rules lack or misspell something."),
    "offer.penalty_out_of_range": ("罚息上浮超出规定的范围。", "The penalty uplift is out of the range that holds."),
    "request.json_malformed": ("内容不是正确的 JSON。", "The content is not proper JSON."),
    "entry_kind": ("种类", "kind"),
    "entry_product_code": ("产品代码", "Code of the product"),
    "entry_version": ("版本号", "Version"),
    "entry_effective_from": ("生效日", "In force from"),
    "entry_share_percent": ("决定多少企业（%）", "Share of businesses (%)"),
    "entry_source": ("理由和依据", "Why, and on what grounds"),
    "entry_body": ("内容（JSON）", "Content (JSON)"),
    "counted_decisions": ("比较的决定", "decisions compared"),
    "counted_not_applicable": ("不适用", "not applicable"),
    "counted_unchanged": ("没有变化", "unchanged"),
    "counted_newly_approved": ("原来没批，现在会批", "newly approved"),
    "counted_newly_declined": ("原来批了，现在不会批", "newly declined"),
    "counted_amount_changed": ("批准金额会变", "another amount"),
    "counted_rate_changed": ("利率会变", "another rate"),
}
