"""What the reference pages say in two languages: audiences, and what to do about each kind of problem."""

from __future__ import annotations

from typing import NamedTuple


class Both(NamedTuple):
    """One text in two languages."""

    zh: str
    en: str


AUDIENCES = {
    "public": Both("公开：条款与计算器", "Public: terms and calculators"),
    "customer": Both("客户", "Customers"),
    "partner": Both("合作方", "Partners"),
    "embed": Both("嵌入页面", "Embedded frames"),
}
WHO = {
    "public": Both("任何人都可以调用，不需要登录。", "Anybody may call these; no sign-in."),
    "customer": Both(
        "客户登录后调用：Authorization: Bearer 加登录得到的令牌。",
        "For signed-in customers: Authorization: Bearer with the token from signing in.",
    ),
    "partner": Both(
        "合作方的服务器调用：每个请求用自己的密钥按 RFC 9421 签名。",
        "For partners' servers: every request is signed with a key of your own (RFC 9421).",
    ),
    "embed": Both(
        "嵌入页面调用：Authorization: Bearer 加兑换客户端令牌得到的页面令牌。",
        "For the embedded frame: Authorization: Bearer with the frame token that a client token was redeemed for.",
    ),
}
RULES = (
    Both("金额是整数分，字段名以 _fen 结尾；利率是文本，例如 \"0.0600\"。",
         "Amounts are whole fen, in fields that end in _fen; rates are text, such as \"0.0600\"."),
    Both("时刻带时区；业务日期按北京时间，写作 YYYY-MM-DD。",
         "Instants carry their offset; business days are days in China, as YYYY-MM-DD."),
    Both("客户与合作方的写操作要带 Idempotency-Key：同一个键重复发送，得到同一个结果。登录与只读的试算不需要。",
         "Writes of customers and partners carry an Idempotency-Key: the same key gets the same answer. Signing in and "
         "read-only quotes need none."),
    Both("列表分页：limit 与 cursor，答复中的 next_cursor 为空就是最后一页。",
         "Lists come in pages: limit and cursor; the last page has an empty next_cursor."),
    Both("轮询用 ETag：带 If-None-Match，没有变化时得到 304。",
         "Poll with ETags: send If-None-Match; 304 says that nothing has changed."),
    Both("未知字段会被拒绝。答复以后可能多出字段，请忽略不认识的。",
         "Unknown fields are refused. Answers may gain fields later: ignore those you do not know."),
    Both("每个答复都有 X-Request-Id；来问我们时请带上它。",
         "Every answer has an X-Request-Id; send it along when you ask us."),
    Both("没有登录的接口按地址限次，合作方按密钥和合作方限次，页面框按会话限次："
         "看 RateLimit-* 头；429 时等 Retry-After 秒。",
         "An address, a partner and each of its keys, and an open frame may ask only so often: see the RateLimit-* "
         "headers; after 429 wait Retry-After seconds."),
)  # fmt: skip
REMEDIES = {
    400: Both("请求本身读不懂：改好再发，不要原样重试。",
              "The request cannot be read: mend it; do not repeat it as it is."),
    401: Both("重新登录，或重新签名后再发。", "Sign in again, or sign the request anew, then send it."),
    403: Both("身份没有问题，但不允许这样做：先补上缺少的条件。",
              "We know you, but this is not allowed: provide what is missing first."),
    404: Both("核对标识。别人的对象也会得到这个答复。", "Check the id. Somebody else's object gets the same answer."),
    409: Both("对象现在的状态不允许：先重新读取它，再决定下一步。",
              "The object's state does not allow it now: read it again, then decide."),
    422: Both("内容违反规则：按 errors 或 context 修改。被拒绝后可以用同一个 Idempotency-Key 发送改好的请求。",
              "The content is against a rule: mend what errors or context name. After a refusal the corrected request "
              "may use the same Idempotency-Key."),
    429: Both("问得太频繁：等 Retry-After 秒再发。", "Asked too often: wait Retry-After seconds."),
    500: Both("是我们的问题：稍后用同一个 Idempotency-Key 重试；仍然不行，请把 request_id 告诉我们。",
              "Our fault: repeat later with the same Idempotency-Key; if it stays, tell us the request_id."),
    503: Both("我们依赖的部分暂时不可用：等 Retry-After 秒（没有就稍等），用同一个 Idempotency-Key 重试。",
              "Something we depend on is down: wait Retry-After seconds, or a little, and repeat with the same "
              "Idempotency-Key."),
}  # fmt: skip
OTHER_REMEDY = Both("按 HTTP 状态码的含义修改请求。", "Mend the request as the HTTP status says.")


def remedy(status: int) -> Both:
    """What a caller can do about a problem with this status."""
    return REMEDIES.get(status, OTHER_REMEDY)
