"""Both kinds of platform keys: dispatch by serial, migration, rotation, and at most one refresh a minute."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.adapters.wechat_pay import PayUnavailable
from app.adapters.wechat_pay.platform_keys import PlatformKeys
from app.kernel import clock
from app.kernel.errors import Unavailable
from tests.adapters.pay_platform import NOW, PUBLIC_KEY_ID, PayPlatform, certificate_of, hex_serial, new_key, public_pem

Move = Callable[[timedelta], None]
pytestmark = pytest.mark.usefixtures("empty_cache")
OLD, NEW = 0x50 << 152, 0x60 << 152


class Certificates:
    """What the platform would answer now, and how often it was asked."""

    def __init__(self, *serials: int) -> None:
        self.key = new_key()
        self.times = 0
        self.lives = dict.fromkeys(serials, (NOW - 1000, 5000))

    def __call__(self) -> dict[str, str]:
        self.times += 1
        return {hex_serial(serial): certificate_of(self.key, serial, *life) for serial, life in self.lives.items()}


@pytest.fixture(autouse=True)
def move() -> Iterator[Move]:
    """Stand at NOW; the function moves on."""
    with clock.at(datetime.fromtimestamp(NOW, UTC)) as step:
        yield step


def keys_of(platform: PayPlatform, fetch: Callable[[], dict[str, str]], *, mode: str = "both") -> PlatformKeys:
    return PlatformKeys(
        mode=mode,
        name="1600000001",
        public_key_id=PUBLIC_KEY_ID,
        public_key_pem=public_pem(platform.key),
        fetch=fetch,
        wall=lambda: clock.now().timestamp(),
    )


def test_migration_holds_both(platform: PayPlatform) -> None:
    fetch = Certificates(OLD)
    keys = keys_of(platform, fetch)
    assert keys.find(PUBLIC_KEY_ID) is not None and fetch.times == 0
    assert keys.find(hex_serial(OLD)) is not None
    assert keys.find(hex_serial(OLD).lower()) is not None
    assert keys.serial_to_send() == PUBLIC_KEY_ID  # the console's grey switch counts these


def test_public_key_mode_never_asks_for_certificates(platform: PayPlatform) -> None:
    fetch = Certificates(OLD)
    keys = keys_of(platform, fetch, mode="public_key")
    assert keys.find(hex_serial(OLD)) is None and keys.serial_to_send() == PUBLIC_KEY_ID and fetch.times == 0


def test_certificate_mode_knows_no_public_key(platform: PayPlatform) -> None:
    keys = keys_of(platform, Certificates(OLD), mode="certificate")
    assert keys.find(PUBLIC_KEY_ID) is None and keys.serial_to_send() == hex_serial(OLD)


def test_rotation_finds_the_new_and_sends_the_one_that_ends_last(platform: PayPlatform, move: Move) -> None:
    fetch = Certificates(OLD)
    keys = keys_of(platform, fetch, mode="certificate")
    assert keys.find(hex_serial(OLD)) is not None
    fetch.lives[NEW] = (NOW - 10, 90_000)
    assert keys.find(hex_serial(NEW)) is None  # asked a moment ago
    move(timedelta(seconds=61))
    assert keys.find(hex_serial(NEW)) is not None and keys.find(hex_serial(OLD)) is not None
    assert (keys.serial_to_send(), fetch.times) == (hex_serial(NEW), 2)


@pytest.mark.parametrize("life", [(NOW - 9000, 5000), (NOW + 100, 5000)])
def test_expired_and_early_certificates_prove_nothing(platform: PayPlatform, life: tuple[int, int]) -> None:
    fetch = Certificates(OLD)
    fetch.lives[OLD] = life
    assert keys_of(platform, fetch).find(hex_serial(OLD)) is None


def test_refresh_by_the_clock(platform: PayPlatform, move: Move) -> None:
    fetch = Certificates(OLD)
    fetch.lives[OLD] = (NOW - 1000, 10**6)
    keys = keys_of(platform, fetch, mode="certificate")
    keys.serial_to_send()
    for _ in range(20):
        move(timedelta(hours=1))
        keys.serial_to_send()
    assert fetch.times == 2  # twenty hours: at the start and once more


def test_no_certificate_can_be_had(platform: PayPlatform) -> None:
    def down() -> dict[str, str]:
        raise PayUnavailable("down")

    keys = keys_of(platform, down, mode="certificate")
    assert keys.find(hex_serial(OLD)) is None
    with pytest.raises(Unavailable):
        keys.serial_to_send()


def test_a_failing_refresh_keeps_what_there_is(platform: PayPlatform, move: Move) -> None:
    failing = [False]
    fetch = Certificates(OLD)

    def sometimes() -> dict[str, str]:
        if failing[0]:
            raise PayUnavailable("down")
        return fetch()

    keys = keys_of(platform, sometimes)
    assert keys.find(hex_serial(OLD)) is not None
    failing[0] = True
    move(timedelta(seconds=120))
    assert keys.find(hex_serial(NEW)) is None
    assert keys.find(hex_serial(OLD)) is not None


def test_an_announced_serial_must_be_the_certificates_own(platform: PayPlatform) -> None:
    pem = certificate_of(new_key(), OLD)
    assert keys_of(platform, lambda: {hex_serial(NEW): pem}).find(hex_serial(NEW)) is None


def test_many_threads_on_a_cold_start_ask_once_and_all_find(platform: PayPlatform) -> None:
    fetch = Certificates(OLD)
    keys = keys_of(platform, fetch)
    found: list[bool] = []
    threads = [threading.Thread(target=lambda: found.append(keys.find(hex_serial(OLD)) is not None)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 8 and fetch.times == 1


def test_two_processes_share_one_fetch(platform: PayPlatform) -> None:
    fetch = Certificates(OLD)
    first, second = keys_of(platform, fetch), keys_of(platform, fetch)
    assert first.find(hex_serial(OLD)) is not None and second.find(hex_serial(OLD)) is not None
    assert second.find(hex_serial(NEW)) is None
    assert fetch.times == 1


def test_unknown_mode() -> None:
    with pytest.raises(ValueError, match="mode"):
        PlatformKeys(mode="sometimes", name="x", fetch=dict)
