"""Calls to the outside end in time, are repeated only when that is harmless, and leave a sick vendor alone."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from app.adapters.breaker import Breaker
from app.adapters.outbound import Limits, Outbound, OutboundFailed, Request
from tests.adapters.vendor import Told, Vendor

QUICK = Limits(connect_s=0.3, try_s=0.4, call_s=1.5, tries=3, first_pause_s=0.01, answer_bytes=1000)
SECRET = "4f5e6d7c-secret"
GET = Request("GET", f"/path?secret={SECRET}")


def outbound(origin: str, **changes: object) -> Outbound:
    values: dict[str, object] = {"limits": QUICK, "breaker": Breaker(), **changes}
    return Outbound("test", origin, **values)  # type: ignore[arg-type]


def call(way: Outbound, *, idempotent: bool = True) -> int:
    return way.call("try", lambda: GET, idempotent=idempotent).status


@pytest.fixture
def blackhole() -> Iterator[str]:
    """Accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def dripping() -> Iterator[str]:
    """Sends one byte of a long body every 50 ms: each read is in time, the whole never."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
            for _ in range(500):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return
                time.sleep(0.05)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.close()


def test_a_silent_vendor_costs_the_time_limit_and_no_more(blackhole: str) -> None:
    with pytest.raises(OutboundFailed) as failure:
        call(outbound(blackhole), idempotent=False)
    assert failure.value.reason == "timeout"


def test_repeats_end_with_the_time_of_the_whole_call(blackhole: str) -> None:
    limits = Limits(connect_s=0.3, try_s=0.4, call_s=0.5, tries=50, first_pause_s=0.01)
    began = time.monotonic()
    with pytest.raises(OutboundFailed):
        call(outbound(blackhole, limits=limits, breaker=Breaker(failures=1000)))
    assert time.monotonic() - began < 10  # fifty tries would take twenty seconds


def test_a_dripping_body_is_cut_off(dripping: str) -> None:
    with pytest.raises(OutboundFailed) as failure:
        call(outbound(dripping), idempotent=False)
    assert failure.value.reason == "timeout"


def test_nobody_listening() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(OutboundFailed) as failure:
        call(outbound(origin), idempotent=False)
    assert failure.value.reason == "connect"


@pytest.mark.parametrize(("idempotent", "asked"), [(True, 3), (False, 1)])
def test_only_idempotent_calls_are_repeated(vendor: Vendor, idempotent: bool, asked: int) -> None:
    vendor.script = lambda _, number: Told(500 if number < 3 else 200)
    status = call(outbound(vendor.origin), idempotent=idempotent)
    assert (status, len(vendor.asked)) == (200 if idempotent else 500, asked)


def test_pauses_grow_and_jitter(vendor: Vendor) -> None:
    vendor.script = lambda *_: Told(503)
    pauses: list[float] = []
    limits = Limits(first_pause_s=0.2)
    call(outbound(vendor.origin, limits=limits, pause=pauses.append))
    assert 0.1 <= pauses[0] <= 0.3 and 0.2 <= pauses[1] <= 0.6 and len(pauses) == 2


def test_each_try_is_prepared_anew(vendor: Vendor) -> None:
    """Vendors refuse a nonce that they have seen."""
    vendor.script = lambda _, number: Told(500 if number < 3 else 200)
    numbers = iter(range(10))
    outbound(vendor.origin).call("try", lambda: Request("GET", f"/{next(numbers)}"), idempotent=True)
    assert [asked.target for asked in vendor.asked] == ["/0", "/1", "/2"]


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (Told(body=b"x" * 1001), "too_large"),
        (Told(body=gzip.compress(b"x" * 100_000), headers={"Content-Encoding": "gzip"}), "broken"),
    ],
)
def test_answers_too_large_or_packed_are_not_read(vendor: Vendor, told: Told, reason: str) -> None:
    vendor.script = lambda *_: told
    with pytest.raises(OutboundFailed) as failure:
        call(outbound(vendor.origin), idempotent=False)
    assert failure.value.reason == reason


def test_redirects_and_environment_proxies_are_ignored(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    vendor.script = lambda *_: Told(302, headers={"Location": "http://127.0.0.1:1/"})
    assert call(outbound(vendor.origin)) == 302


def test_breaker_opens_after_a_row_and_closes_after_one_good_answer(vendor: Vendor) -> None:
    now = [0.0]
    breaker = Breaker(failures=3, rest_s=10, monotonic=lambda: now[0])
    way = outbound(vendor.origin, breaker=breaker)
    vendor.script = lambda *_: Told(500)
    for _ in range(3):
        call(way, idempotent=False)
    with pytest.raises(OutboundFailed, match="breaker_open"):
        call(way)
    assert len(vendor.asked) == 3
    now[0] = 10.0
    assert call(way, idempotent=False) == 500  # the one that looks
    with pytest.raises(OutboundFailed, match="breaker_open"):
        call(way)
    now[0] = 20.0
    vendor.script = lambda *_: Told(200)
    assert [call(way) for _ in range(3)] == [200, 200, 200]


def test_an_open_breaker_lets_one_of_many_look() -> None:
    now = [0.0]
    breaker = Breaker(failures=1, rest_s=10, monotonic=lambda: now[0])
    assert breaker.admit()
    breaker.note(False)
    now[0] = 10.0
    assert [breaker.admit() for _ in range(5)] == [True, False, False, False, False]


def test_a_refusal_is_not_a_failure(vendor: Vendor) -> None:
    vendor.script = lambda *_: Told(422)
    way = outbound(vendor.origin)
    assert {call(way) for _ in range(10)} == {422}


def test_the_log_and_the_error_hold_no_address(vendor: Vendor) -> None:
    vendor.script = lambda *_: Told(body=b"x" * 5000)
    with capture_logs() as lines, pytest.raises(OutboundFailed) as failure:
        call(outbound(vendor.origin), idempotent=False)
    assert lines and SECRET not in str(lines) + repr(failure.value)
    assert {"channel", "operation", "outcome", "duration_ms", "status"} <= set(lines[0])


def test_metrics_count_tries(vendor: Vendor) -> None:
    labels = {"channel": "test", "operation": "try", "outcome": "2xx"}
    before = REGISTRY.get_sample_value("dukou_outbound_calls_total", labels) or 0
    call(outbound(vendor.origin))
    assert REGISTRY.get_sample_value("dukou_outbound_calls_total", labels) == before + 1
