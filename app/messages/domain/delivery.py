"""How a message finds its way: states, quiet hours, what is left of a user's grants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from app.kernel.clock import CHINA
from app.kernel.errors import NotFound, Unprocessable

# {(status, event): next status}. `wechat`: handed to WeChat, the answer is not known yet. `doubt`: it never will be.
STATES = {
    ("open", "to_wechat"): "wechat",
    ("open", "to_sms"): "sms",
    ("open", "too_late"): "inbox",
    ("wechat", "wechat_sent"): "sent",
    ("wechat", "wechat_unsent"): "sms",
    ("wechat", "wechat_lost"): "doubt",
    ("doubt", "wechat_sent"): "sent",  # the answer, or WeChat's own event, came after all
    ("doubt", "wechat_unsent"): "sms",
    ("sent", "wechat_undelivered"): "sms",
    ("sms", "sms_sent"): "sent",
    ("sms", "sms_refused"): "inbox",
}
STALE = timedelta(hours=24)  # an old reminder wakes nobody: it stays in the inbox


class MessageUnknown(NotFound):
    code = "message.not_found"


class TemplateUnknown(Unprocessable):
    """No message of ours has this template."""

    code = "message_grant.template_unknown"


class NotInMiniProgram(Unprocessable):
    """Only the mini-program can ask for subscribe messages."""

    code = "message_grant.not_in_mini_program"


@dataclass(frozen=True)
class QuietHours:
    """From `starts_at` to before `ends_at`, China's clock, possibly over midnight; in force by dates."""

    starts_at: time
    ends_at: time
    effective_from: date
    effective_to: date | None

    def covers(self, at: datetime) -> bool:
        """Whether nobody may be disturbed at this instant."""
        local = at.astimezone(CHINA)
        if not self.effective_from <= local.date() or (self.effective_to and local.date() > self.effective_to):
            return False
        now = local.time()
        if self.starts_at <= self.ends_at:
            return self.starts_at <= now < self.ends_at
        return now >= self.starts_at or now < self.ends_at

    def end_after(self, at: datetime) -> datetime:
        """The next end of these hours."""
        local = at.astimezone(CHINA)
        end = datetime.combine(local.date(), self.ends_at, CHINA)
        return (end if end > local else end + timedelta(days=1)).astimezone(UTC)


def next_allowed(at: datetime, hours: Sequence[QuietHours]) -> datetime:
    """The first instant from `at` on that no quiet hours cover."""
    for _ in range(2 * len(hours) + 1):
        held = [one.end_after(at) for one in hours if one.covers(at)]
        if not held:
            return at
        at = max(held)
    return at  # quiet hours that together cover the whole day: rather late than never


def left(claimed: int, confirmed: int, spent: int) -> int:
    """How many messages a user's grants still allow.

    The client claims each tap, WeChat's event confirms it, either may be lost: the larger count holds, never the sum.
    """
    return max(0, max(claimed, confirmed) - spent)
