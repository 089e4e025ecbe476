"""Changing the phone: its steps, its time, and the facts that refuse."""

from __future__ import annotations

from datetime import timedelta

from app.kernel.errors import Conflict, Forbidden, NotFound, TooMany, Unprocessable

STATES = {
    ("opened", "old_phone_shown"): "old_shown",
    ("opened", "identity_shown"): "old_shown",  # the old phone is lost: who the person is stands for it
    ("old_shown", "new_phone_shown"): "done",
}
LIFETIME = timedelta(minutes=15)
OPENED_A_DAY = 5
PURPOSE = "change_phone"  # of the second factor that the old phone shows
NEW_PHONE = "new_phone"  # of the code that the new phone gets: no step of anything else takes it
NEW_PHONE_TEMPLATE = "new_phone_code"
OLD_PHONE_TEMPLATE = "phone_changed_old"
COOL_OFF = "phone_changed"


class TooManyChanges(TooMany):
    code = "phone_change.too_many"


class IdentityNeeded(Conflict):
    """Who the person is was never confirmed, so it cannot stand for the old phone: call the bank."""

    code = "phone_change.identity_needed"


class PhoneChangeUnknown(NotFound):
    code = "phone_change.not_found"


class PhoneChangeOver(Conflict):
    """It was done already, or not within its fifteen minutes: begin a new one."""

    code = "phone_change.over"


class SamePhone(Unprocessable):
    code = "phone_change.same_phone"


class PhoneTaken(Conflict):
    """Another customer has this phone; said only to who holds it."""

    code = "phone_change.phone_taken"


class CoolingOff(Forbidden):
    """The phone was changed a short while ago: until `until` nothing that binds can be done."""

    code = "customer.cooling_off"
