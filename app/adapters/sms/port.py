"""SMS over the Dukou port (docs/ports.md)."""

from __future__ import annotations

from collections.abc import Mapping

from app.adapters.ports import PortClient
from app.adapters.sms import SmsUnavailable


def down(reason: str) -> SmsUnavailable:
    """The channel's error for no trustworthy answer."""
    return SmsUnavailable("The message could not be handed over.", reason=reason)


class PortSms:
    """The `Sms` protocol over the port."""

    def __init__(self, port: PortClient) -> None:
        self._port = port

    def send(self, *, message_no: str, phone: str, template: str, params: Mapping[str, str]) -> None:
        """Hand one message over; see the protocol."""
        body = {"message_no": message_no, "phone": phone, "template": template, "params": dict(params)}
        answer = self._port.call("send", "POST", "/sms/v1/messages", body)
        if answer.fields.values.get("message_no") != message_no:  # an answer to another question
            raise down("answer")
