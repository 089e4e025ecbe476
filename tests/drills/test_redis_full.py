"""Redis full from the approval to the last repayment: the money goes its way, and readiness says what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest
import redis

from tests.drills.end_state import end_state, unfinished
from tests.drills.patient import Keeper, PatientStory
from tests.drills.test_kills import drive

pytestmark = pytest.mark.drill


@pytest.fixture
def shared(keeper: Keeper) -> Iterator[redis.Redis]:
    """The Valkey of the run; it gets its room back afterwards."""
    client = redis.Redis.from_url(keeper.stack.redis_url)
    before = client.config_get("maxmemory")["maxmemory"]
    yield client
    client.config_set("maxmemory", before)
    client.flushall()
    client.close()


def fill(client: redis.Redis) -> None:
    """Far beyond its room, so that nothing which ends meanwhile makes any."""
    for number in range(2_000):
        client.set(f"ballast:{number}", b"x" * 1_000)
    client.config_set("maxmemory", int(client.info("memory")["used_memory"]) - 1_000_000)


def test_money_goes_its_way_while_redis_is_full(
    keeper: Keeper, new_customer: Callable[[], PatientStory], shared: redis.Redis
) -> None:
    stack = keeper.stack
    keeper.disarm()
    story = new_customer()
    fill(shared)
    drive(story, lambda step: None)
    with pytest.raises(redis.exceptions.OutOfMemoryError):
        shared.set("ballast:last", b"x")
    checks = httpx.get(f"{stack.web_url}/readyz", trust_env=False).json()["checks"]
    assert [check["name"] for check in checks if not check["ok"]] == ["redis"]
    stack.until(lambda: not unfinished(story), "every job has ended")
    found = end_state(story)
    assert [row[0] for row in found["loans"]] == ["settled"]
    assert [row[0] for row in found["payments"]] == ["credited", "credited"], found["payments"]
    assert "BROKEN" not in stack.run("invariants")
