"""Changing the phone: its steps, its time, and the facts that refuse."""

from __future__ import annotations

from datetime import timedelta

from app.kernel.errors import Conflict, Forbidden, NotFound, Unprocessable

STATES = {
    ("opened", "old_phone_shown"): "old_shown",
    ("old_shown", "new_phone_shown"): "done",
}
LIFETIME = timedelta(minutes=15)
PURPOSE = "change_phone"  # of the second factor that the old phone shows
NEW_PHONE = "new_phone"  # of the code that the new phone gets: no step of anything else takes it
NEW_PHONE_TEMPLATE = "new_phone_code"
OLD_PHONE_TEMPLATE = "phone_changed_old"
COOL_OFF = "phone_changed"


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
