"""What can be done with messages."""

from app.messages.usecases.appointments import cancel_appointment, make_appointment
from app.messages.usecases.delivering import (
    Step,
    ToSms,
    ToWechat,
    next_step,
    settle_sms,
    settle_wechat,
)
from app.messages.usecases.grants import claim_grants
from app.messages.usecases.opening import open_message, read_message, tell
from app.messages.usecases.pushes import PushReused, handle_push, keep_push

__all__ = [
    "PushReused",
    "Step",
    "ToSms",
    "ToWechat",
    "cancel_appointment",
    "claim_grants",
    "handle_push",
    "keep_push",
    "make_appointment",
    "next_step",
    "open_message",
    "read_message",
    "settle_sms",
    "settle_wechat",
    "tell",
]
