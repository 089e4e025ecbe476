"""The `dukou` command: try an integration from a terminal. It reads DUKOU_URL, DUKOU_KEY_ID and the key's secret."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from dukou_partner.client import Client
from dukou_partner.errors import DukouError, NoAnswer
from dukou_partner.forwarding import forward_events
from dukou_partner.rotation import rotate_key
from dukou_partner.settings import SettingMissing, client_from_env
from dukou_partner.simulating import advance_clock, read_step
from dukou_partner.tailing import tail_calls
from dukou_partner.webhooks import new_secret

Run = Callable[[Client, argparse.Namespace], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry of `dukou`: 0 done, 1 refused or no answer, 2 a setting is missing, 130 ended by Ctrl-C."""
    given = _parser().parse_args(arguments)
    if given.run is _new_secret:
        print(new_secret())
        return 0
    try:
        with client_from_env(os.environ) as client:
            given.run(client, given)
    except SettingMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    except (DukouError, NoAnswer, FileExistsError) as refused:
        print(refused, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dukou", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")

    def add(name: str, run: Run, group: Any = commands) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = group.add_parser(name, help=(run.__doc__ or "").splitlines()[0])
        made.set_defaults(run=run)
        return made

    def group(name: str, help_: str) -> Any:
        return commands.add_parser(name, help=help_).add_subparsers(required=True, metavar="command")

    add("whoami", _whoami)
    add("new-secret", _new_secret)
    listening = add("listen", _listen)
    listening.add_argument("--forward", required=True, metavar="URL", help="your receiver on this machine")
    listening.add_argument("--secret", help="what your receiver verifies with; by default DUKOU_WEBHOOK_SECRET")
    listening.add_argument("--types", default="", help="only these types, separated by commas")
    listening.add_argument("--since", metavar="INSTANT", help="also what happened since; by default from now on")
    listening.add_argument("--count", type=int, metavar="N", help="end after so many events")
    add("trigger", _trigger).add_argument("type", help="such as order.financed")
    tailing = add("tail", _logs_tail, group("logs", "the requests of your servers, as the bank saw them"))
    tailing.add_argument("--status", default="", help="only these, such as 4xx or 404")
    tailing.add_argument("--since", metavar="INSTANT", help="also earlier ones; by default from now on")
    tailing.add_argument("--count", type=int, metavar="N", help="end after so many")
    telling = group("clock", "the clock of a test deployment")
    add("show", _clock_show, telling)
    moving = add("advance", _clock_advance, telling)
    moving.add_argument("step", type=_step, help="how far, such as 30d, 12h or 1d6h; never back")
    rotating = add("rotate", _keys_rotate, group("keys", "the key that DUKOU_KEY_ID names"))
    rotating.add_argument("--into", required=True, metavar="FILE", help="a new file for the new key, readable by you")
    rotating.add_argument("--revoke-old", action="store_true", help="end the old key once the new one has answered")
    return parser


def _whoami(client: Client, _: argparse.Namespace) -> None:
    """Whom the bank takes you for."""
    _show(client.get("/whoami"))


def _new_secret(_: Client, __: argparse.Namespace) -> None:
    """A fresh secret for webhooks that `listen` signs."""


def _listen(client: Client, given: argparse.Namespace) -> None:
    """Fetch events as they happen and post each, signed, to a URL of yours: no public address needed."""
    secret = given.secret or os.environ.get("DUKOU_WEBHOOK_SECRET")
    if not secret:
        secret = new_secret()
        print(f"DUKOU_WEBHOOK_SECRET={secret}", flush=True)
    types = [one for one in given.types.split(",") if one]
    forward_events(client, given.forward, secret, types=types, since=given.since, count=given.count, say=_say)


def _trigger(client: Client, given: argparse.Namespace) -> None:
    """Have the bank send an event with invented content (test deployments)."""
    _show(client.post("/test/events", {"type": given.type}))


def _logs_tail(client: Client, given: argparse.Namespace) -> None:
    """What your servers ask, and how it ends, as it happens."""
    tail_calls(client, status=given.status, since=given.since, count=given.count, say=_say)


def _clock_show(client: Client, _: argparse.Namespace) -> None:
    """What time it is in the test deployment, for all its partners."""
    _show(client.get("/test/clock"))


def _clock_advance(client: Client, given: argparse.Namespace) -> None:
    """Move the clock on, for all partners: days are closed, things fall due, webhooks are sent."""
    _say(f"it is {advance_clock(client, given.step, say=_say)}")


def _step(written: str) -> dict[str, int]:
    try:
        return read_step(written)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from wrong


def _keys_rotate(client: Client, given: argparse.Namespace) -> None:
    """A new key with the same rights; the old one goes on until it is revoked."""
    _say(rotate_key(client, into=given.into, revoke_old=given.revoke_old))


def _show(answer: Any) -> None:
    _say(json.dumps(answer, ensure_ascii=False, indent=2))


def _say(line: str) -> None:
    print(line, flush=True)
