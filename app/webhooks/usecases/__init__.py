"""What happens in webhooks: endpoints are managed, events told, deliveries attempted and settled."""

from app.webhooks.usecases.attempts import Delivery, open_attempt, settle_attempt
from app.webhooks.usecases.endpoints import NewEndpoint, add_endpoint, disable_endpoint, enable_endpoint, rotate_secret
from app.webhooks.usecases.telling import replay, tell
from app.webhooks.usecases.waking import wake_waiting

__all__ = [
    "Delivery",
    "NewEndpoint",
    "add_endpoint",
    "disable_endpoint",
    "enable_endpoint",
    "open_attempt",
    "replay",
    "rotate_secret",
    "settle_attempt",
    "tell",
    "wake_waiting",
]
