"""One delivery against servers on loopback that behave badly: time, size, redirects, certificates, rebinding."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
import threading
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.webhooks import sender, ssrf
from tests.webhooks.receiver import Behaviour, answer, drip, flood, hang, receiving


def send(url: str, within_s: float = 5.0, **how: object) -> sender.Answer:
    given = {"policy": ssrf.LOOPBACK_TOO, "within_s": within_s, **how}
    return sender.send(url, {"webhook-id": "evt_1"}, b'{"a":1}', **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_2xx_is_delivered(status: int) -> None:
    with receiving(answer(status)) as receiver:
        assert send(receiver.url).delivered
    headers, body = receiver.took[0]
    assert (headers["webhook-id"], headers["host"], body) == ("evt_1", f"127.0.0.1:{receiver.port}", b'{"a":1}')


@pytest.mark.parametrize("status", [300, 301, 302, 307, 400, 404, 410, 429, 500, 503])
def test_everything_else_is_not_and_redirects_are_not_followed(status: int) -> None:
    with receiving() as other, receiving(answer(status, Location=other.url, Retry_After="7")) as receiver:
        found = send(receiver.url)
    assert (found.outcome, found.status, found.retry_after, found.delivered) == ("answered", status, "7", False)
    assert other.took == []


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("behaviour", "outcome", "delivered"),
    [
        (drip(b""), "timeout", False),  # the status line, a byte at a time
        (drip(HEAD + b"X-A: "), "timeout", False),  # a header without end
        (drip(HEAD + b"Content-Length: 100000\r\n\r\n"), "answered", True),  # a body without end: the head counted
        (flood, "answered", True),
        (answer(200, b"", **{f"X{n}": "y" * 90 for n in range(2000)}), "broken", False),
        (lambda handler: handler.wfile.write(b"nonsense\r\n\r\n"), "broken", False),
        (lambda handler: None, "broken", False),  # closed without a word
    ],
)
def test_hostile_answers_are_cut(behaviour: Behaviour, outcome: str, delivered: bool) -> None:
    with receiving(behaviour) as receiver:
        began = time.monotonic()
        found = send(receiver.url, within_s=0.8)
        assert time.monotonic() - began < 10
    assert (found.outcome, found.delivered) == (outcome, delivered)
    assert len(found.start) <= 500


def test_a_compressed_answer_is_not_inflated() -> None:
    with receiving(answer(200, b"\x1f\x8b" + b"\x00" * 2000, Content_Encoding="gzip")) as receiver:
        assert len(send(receiver.url).start) == 500


def test_the_answers_start_is_kept_as_plain_characters() -> None:
    with receiving(answer(500, b"<script>\r\nSet-Cookie: a\x1b[31m\x00" + b"y" * 2000)) as receiver:
        found = send(receiver.url)
    assert found.start.startswith("<script>  Set-Cookie: a [31m y")
    assert len(found.start) == 500


def test_a_server_that_says_nothing_times_out() -> None:
    released = threading.Event()
    with receiving(hang(released)) as receiver:
        found = send(receiver.url, within_s=0.3)
        released.set()
    assert (found.outcome, found.status) == ("timeout", None)


def test_nobody_there() -> None:
    with receiving() as receiver:
        url = receiver.url
    assert send(url).outcome == "unreachable"


def test_a_slow_name_server_is_not_waited_for() -> None:
    def slow(host: str, port: int) -> list[str]:
        time.sleep(1)
        return ["127.0.0.1"]

    assert send("http://hook.example/", within_s=0.2, resolve=slow).outcome == "timeout"


def test_nothing_is_sent_where_it_must_not_go() -> None:
    with receiving() as receiver:
        assert send(receiver.url, policy=ssrf.PUBLIC_ONLY).outcome == "blocked"
        url = f"http://hook.example:{receiver.port}/"
        for addresses in (["127.0.0.1", "10.0.0.1"], ["169.254.169.254"], []):
            assert send(url, resolve=lambda host, port, found=addresses: found).outcome == "blocked"
        assert receiver.took == []


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    """A name that changes its address between check and connection (rebinding) is asked only once."""
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    with receiving() as receiver:
        found = send(f"http://hook.example:{receiver.port}/hook", resolve=rebinding)
    assert found.delivered
    assert asked == ["hook.example"]
    assert receiver.took[0][0]["host"] == f"hook.example:{receiver.port}"


def _certificate(folder: Path, name: str, days: int) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    names: list[x509.GeneralName] = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.2"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=30))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / f"{name}.pem", folder / f"{name}.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    encoding = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    private.write_bytes(key.private_bytes(*encoding))
    return certificate, private


@pytest.mark.parametrize(
    ("name", "days", "trusted", "oldest", "outcome"),
    [
        ("hook.example", 10, True, None, "answered"),
        ("hook.example", 10, False, None, "tls"),  # self-signed
        ("other.example", 10, True, None, "tls"),  # another host's
        ("hook.example", -1, True, None, "tls"),  # expired
        ("hook.example", 10, True, ssl.TLSVersion.TLSv1_1, "tls"),
    ],
)
def test_certificates_are_checked_for_the_name_in_the_url(
    tmp_path: Path, name: str, days: int, trusted: bool, oldest: ssl.TLSVersion | None, outcome: str
) -> None:
    certificate, private = _certificate(tmp_path, name, days)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, private)
    if oldest:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = oldest
    client = ssl.create_default_context(cafile=str(certificate) if trusted else None)
    with receiving(tls=context) as receiver:
        url = f"https://hook.example:{receiver.port}/hook"
        found = send(url, tls=client, resolve=lambda host, port: ["127.0.0.1"])
    assert found.outcome == outcome
