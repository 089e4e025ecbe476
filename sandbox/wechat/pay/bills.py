"""Daily bills: asked for by day, downloaded by a token; CSV with a backtick before each value, gzip, SHA-1."""

from __future__ import annotations

import gzip
import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, timedelta

from flask import Blueprint, Response, request

from sandbox.context import World, current
from sandbox.wechat.pay import settings
from sandbox.wechat.pay.answers import PayRefused, answer, parameter_error
from sandbox.wechat.pay.bill_differences import altered, of_day
from sandbox.wechat.pay.bill_rows import FLOW_COLUMNS, TRADE_COLUMNS, Row, flow_rows, flow_summary, trade_summary

FILES = "pay.bill_file"
LIFE_SECONDS = 300
OLDEST = timedelta(days=93)
READY_HOUR = 10
_REFUND_COLUMNS = TRADE_COLUMNS[14:20]

blueprint = Blueprint("wechat_pay_bills", __name__)


@blueprint.get("/bill/tradebill")
def trade_bill() -> Response:
    """bill_date, bill_type ALL|SUCCESS|REFUND, tar_type GZIP? → hash_type, hash_value, download_url."""
    world, day = current(), _day()
    kind = _choice("bill_type", ("ALL", "SUCCESS", "REFUND"), "ALL")
    return _issue(world, trade_text(world, day, kind))


@blueprint.get("/bill/fundflowbill")
def fund_flow_bill() -> Response:
    """bill_date, account_type BASIC|OPERATION|FEES, tar_type GZIP?; only the basic account moves here."""
    world, day = current(), _day()
    rows = flow_rows(world, day) if _choice("account_type", ("BASIC", "OPERATION", "FEES"), "BASIC") == "BASIC" else []
    return _issue(world, _text(FLOW_COLUMNS, rows, flow_summary(rows)) if rows else "")


@blueprint.get("/billdownload/file")
def bill_file() -> Response:
    """The file behind a download_url, for five minutes; its answer is not signed, the hash proves it."""
    world = current()
    kept = world.store.get(FILES, request.args.get("token", ""))
    if kept is None or kept["until"] < world.seconds():
        raise PayRefused(400, "PARAM_ERROR", "token无效或已过期")
    content = kept["text"].encode()
    packed = kept["tar_type"] == "GZIP"
    return Response(gzip.compress(content, mtime=0) if packed else content, content_type="application/octet-stream")


def trade_text(world: World, day: date, kind: str = "ALL") -> str:
    """The trade bill of a day as it would be downloaded; empty when there is none."""
    rows = altered(world, day)
    if kind != "ALL":
        rows = [row for row in rows if (row["交易状态"] == "REFUND") == (kind == "REFUND")]
    if not rows:
        return ""
    columns = [column for column in TRADE_COLUMNS if kind != "SUCCESS" or column not in _REFUND_COLUMNS]
    kinds = {one["kind"] for one in of_day(world, day)}
    summary = trade_summary(rows)
    if "wrong_totals" in kinds:
        summary["总交易单数"] = str(int(summary["总交易单数"]) + 1)
    text = _text(columns, rows, summary)
    return text[: len(text) * 2 // 3] if "truncated" in kinds else text


def _text(columns: Iterable[str], rows: list[Row], summary: Row) -> str:
    """Header, rows, header of the totals, totals; a comma inside a value is not quoted."""
    names = list(columns)
    lines = [",".join(names), *(_line(row[name] for name in names) for row in rows)]
    return "\r\n".join([*lines, ",".join(summary), _line(summary.values())]) + "\r\n"


def _line(values: Iterable[str]) -> str:
    return ",".join(f"`{value}" for value in values)


def _issue(world: World, text: str) -> Response:
    if not text:
        raise PayRefused(400, "NO_STATEMENT_EXIST", "账单文件不存在")
    token = secrets.token_urlsafe(32)
    kept = {"text": text, "tar_type": _choice("tar_type", ("GZIP", ""), ""), "until": world.seconds() + LIFE_SECONDS}
    world.store.put(FILES, token, kept)
    hash_value = hashlib.sha1(text.encode()).hexdigest()  # noqa: S324  the protocol's choice
    url = f"{world.base_url.rstrip('/')}/v3/billdownload/file?token={token}"
    return answer({"hash_type": "SHA1", "hash_value": hash_value, "download_url": url})


def _day() -> date:
    """The day asked for: past, at most three months back, and after ten o'clock when it is yesterday."""
    world, text = current(), request.args.get("bill_date", "")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise parameter_error("bill_date", text, "格式为yyyy-MM-DD", location="query") from None
    if settings.read(world)["bills"] == "ready":
        return day
    if not world.today() - OLDEST <= day < world.today():
        raise parameter_error("bill_date", text, "只能下载三个月以内、昨天及以前的账单", location="query")
    if day == world.today() - timedelta(days=1) and world.local().hour < READY_HOUR:
        raise PayRefused(400, "STATEMENT_CREATING", "账单生成中，请稍后再试")
    return day


def _choice(name: str, options: tuple[str, ...], usual: str) -> str:
    value = request.args.get(name, usual)
    if value not in options:
        raise parameter_error(name, value, "取值不在范围内", location="query")
    return value
