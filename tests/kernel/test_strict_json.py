"""What two parsers might read differently is refused (attack set J)."""

import pytest

from app.kernel.web.strict_json import JsonMalformed, loads


@pytest.mark.parametrize(
    "body",
    [
        b'{"amount":1,"amount":100}',
        b'{"a":{"b":1,"b":2}}',
        b"[" * 100_000,
        b'{"a":' * 21 + b"1" + b"}" * 21,
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":1e400}',
        b'{"a":1.5}',
        b'{"a":9007199254740992}',
        b'{"a":-9007199254740992}',
        b'{"a":' + b"9" * 4300 + b"}",
        b'\xef\xbb\xbf{"a":1}',
        '{"a":1}'.encode("utf-16"),
        b'{"a":"\xff"}',
        b'{"a":"\\ud800"}',
        b'{"a":["\\u0000"]}',
        b'{"\\u0000":1}',
        b"{'a':1}",
        b"",
        b'{"a":1}{"b":2}',
    ],
    ids=lambda body: repr(body[:24]),
)
def test_refused(body):
    with pytest.raises(JsonMalformed):
        loads(body)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a":9007199254740991}', {"a": 2**53 - 1}),
        ('{"名":"渡口"}'.encode(), {"名": "渡口"}),
        (b'{"__proto__":{"x":1},"a":"[[[[["}', {"__proto__": {"x": 1}, "a": "[[[[["}),
        (b'{"a":"\\ud83d\\ude00"}', {"a": "😀"}),
        (b'"' + b"\\\\" * 50 + b'"', "\\" * 50),
    ],
)
def test_accepted(body, value):
    assert loads(body) == value
