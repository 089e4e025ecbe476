"""What partners, frames and phones send and see of embed sessions."""

from app.embed.schemas.handoffs import (
    HandoffOut,
    HandoffStateOut,
    OwnHandoffOut,
    OwnHandoffPageOut,
    ScannedOrderOut,
    SceneIn,
    StoppedOut,
    TakeOverIn,
)
from app.embed.schemas.sessions import (
    ConfigOut,
    EmbedSessionIn,
    EmbedSessionOut,
    FrameApplicationIn,
    FrameApplicationOut,
    FrameContextOut,
    FrameSessionIn,
    FrameSessionOut,
    PageSessionIn,
    PageSessionOut,
)

__all__ = [
    "ConfigOut",
    "EmbedSessionIn",
    "EmbedSessionOut",
    "FrameApplicationIn",
    "FrameApplicationOut",
    "FrameContextOut",
    "FrameSessionIn",
    "FrameSessionOut",
    "HandoffOut",
    "HandoffStateOut",
    "OwnHandoffOut",
    "OwnHandoffPageOut",
    "PageSessionIn",
    "PageSessionOut",
    "ScannedOrderOut",
    "SceneIn",
    "StoppedOut",
    "TakeOverIn",
]
