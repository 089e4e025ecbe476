"""Words of partners' terms and of what refuses their changes, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from app.console.views.words import Word

PARTNER: Mapping[str, Word] = {
    "in_force": Word("ok", "有效", "in force"),
    "not_in_force": Word("hollow", "不在有效期", "not in force"),
    "suspended": Word("bad", "已停用", "shut off"),
    "ended": Word("hollow", "已结束", "ended"),
}
CHANGE: Mapping[str, Word] = {
    "proposed": Word("go", "待复核", "to be decided"),
    "approved": Word("ok", "已生效", "in force"),
    "rejected": Word("hollow", "没有同意", "rejected"),
}
TABLES = {"partner": PARTNER, "partner_change": CHANGE}

PHRASES: Mapping[str, tuple[str, str]] = {
    "change_admit": ("新合作方", "New partner"),
    "change_terms": ("变更条款", "Change of terms"),
    "change_resume": ("重新启用", "Switch on again"),
    "terms_code": ("合作方代码", "Code"),
    "terms_name": ("名称", "Name"),
    "terms_agreement_no": ("协议编号", "Agreement number"),
    "terms_signed_on": ("签署日", "Signed on"),
    "terms_effective_from": ("生效日", "In force from"),
    "terms_effective_to": ("到期日（含）", "Until (included)"),
    "terms_scopes": ("权限", "Scopes"),
    "terms_origins": ("允许的网页来源", "Allowed origins"),
    "terms_outstanding_fen": ("在贷余额上限（元）", "Most outstanding (CNY)"),
    "terms_merchant_fen": ("单个商户上限（元）", "Most for one merchant (CNY)"),
    "terms_day_fen": ("每日放款上限（元）", "Most drawn in a day (CNY)"),
    "terms_limits_from": ("新限额从哪天起", "New limits from"),
    "terms_reason": ("理由", "Reason"),
    "embed_sessions:write": ("打开嵌入会话", "open embed sessions"),
    "orders:read": ("查看订单和结算", "read orders and settlements"),
    "orders:write": ("登记商户和订单", "write merchants and orders"),
    "loans:read": ("查看借款状态", "read loans"),
    "events:read": ("读取事件和请求日志", "read events and requests"),
    "webhooks:write": ("管理 Webhook", "manage webhooks"),
    "keys:write": ("管理密钥", "manage keys"),
    "partner.admit": ("准入", "admitted"),
    "partner.change_agreement": ("协议变更", "agreement changed"),
    "partner.add_origin": ("加来源", "origin added"),
    "partner.remove_origin": ("去来源", "origin removed"),
    "partner.add_key": ("加密钥", "key added"),
    "partner.rotate_key": ("换密钥", "key rotated"),
    "partner.revoke_key": ("收回密钥", "key revoked"),
    "partner.add_publishable_key": ("加公开密钥", "publishable key added"),
    "partner.set_limit": ("设限额", "limit set"),
    "partner.suspend": ("停用", "shut off"),
    "partner.resume": ("重新启用", "switched on again"),
    "partner_change.form": ("这一项填得不对", "This entry cannot be read"),
    "partner_change.own": ("自己提的，要由另一位同事来定。", "Another person must decide on what you proposed."),
    "partner_change.waits": ("这个合作方有一项变更在等复核，先定那一项。", "Another change waits: decide that first."),
    "partner_change.outdated": ("提出以后这个合作方又变了，请重新提。", "It has changed since; propose it anew."),
    "partner_change.nothing": ("没有任何变化。", "Nothing was changed."),
    "partner_change.limit": (
        "限额只能改，不能取消；新合作方三项限额都要填；开始日不能早于今天。",
        "Limits are changed, not taken away; a new partner has all three; they begin today or later.",
    ),
    "partner_change.not_found": ("没有这一项变更。", "There is no such change."),
    "partner_change.impossible": ("现在不能这样做。", "This is not possible now."),
    "partner.code_taken": ("这个代码已经有合作方在用。", "Another partner has this code."),
    "partner.agreement_days": ("到期日早于生效日。", "The agreement ends before it begins."),
    "partner.origin_malformed": (
        "来源写成 https://shop.example 的样子：小写，没有路径。", "Write an origin as https://shop.example.",
    ),
    "staff.reason_needed": ("写清理由（4 到 200 个字）。", "Say why, in 4 to 200 characters."),
    "state.not_allowed_now": ("已经有结论，或者状态不允许。", "It was decided before, or its state does not allow it."),
}  # fmt: skip
