"""Notices of WeChat Pay: proved genuine on the raw bytes, decrypted, then read."""

from __future__ import annotations

from collections.abc import Mapping

from app.adapters.answers import AnswerMalformed, read_object
from app.adapters.wechat_pay import Notice, NoticeRefused
from app.adapters.wechat_pay.encryption import NotDecrypted, decrypt_resource
from app.adapters.wechat_pay.reading import read_refund, read_transaction
from app.adapters.wechat_pay.verification import FindKey, NotGenuine, verify


def read_notice(find: FindKey, api_v3_key: bytes, headers: Mapping[str, str], raw: bytes, now: float) -> Notice:
    """See the protocol. An event of a kind that we do not know is answered with neither order nor refund."""
    try:
        verify(find, headers, raw, now)
        envelope = read_object(raw)
        plain = decrypt_resource(api_v3_key, envelope.inner("resource"))
        event_type, found = envelope.text("event_type"), read_object(plain)
        return Notice(
            id=envelope.text("id"),
            event_type=event_type,
            created_at=envelope.instant("create_time"),
            transaction=read_transaction(found) if event_type.startswith("TRANSACTION.") else None,
            refund=read_refund(found) if event_type.startswith("REFUND.") else None,
        )
    except NotGenuine as fault:
        raise NoticeRefused(fault.reason) from None
    except NotDecrypted:
        raise NoticeRefused("decrypt") from None
    except AnswerMalformed:
        raise NoticeRefused("shape") from None
