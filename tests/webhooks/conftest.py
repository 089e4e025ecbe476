"""Nobody writes to customers here: the people of these events are ids without rows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.kernel import outbox
from app.wiring import LISTENERS


@pytest.fixture(autouse=True)
def _no_letters() -> Iterator[None]:
    outbox.listen(
        {name: tuple(task for task in tasks if not task.startswith("messages.")) for name, tasks in LISTENERS.items()}
    )
    yield
    outbox.listen(LISTENERS)
