"""What happens in webhooks: endpoints are managed, events told, deliveries attempted and settled."""

from app.webhooks.ssrf import policy as url_policy
from app.webhooks.usecases.attempts import Delivery, open_attempt, settle_attempt
from app.webhooks.usecases.endpoints import (
    NewEndpoint,
    add_endpoint,
    disable_endpoint,
    enable_endpoint,
    rotate_secret,
    test_endpoint,
)
from app.webhooks.usecases.forgetting import forget_old
from app.webhooks.usecases.telling import replay, replay_range, tell
from app.webhooks.usecases.triggering import trigger
from app.webhooks.usecases.waking import wake_waiting

__all__ = [
    "Delivery",
    "NewEndpoint",
    "add_endpoint",
    "disable_endpoint",
    "enable_endpoint",
    "forget_old",
    "open_attempt",
    "replay",
    "replay_range",
    "rotate_secret",
    "settle_attempt",
    "tell",
    "test_endpoint",
    "trigger",
    "url_policy",
    "wake_waiting",
]
