"""WeChat: sign-in, platform API, web authorisation page and WeChat Pay v3, under the true paths."""

from __future__ import annotations

from flask import Blueprint

from sandbox.wechat import control, login, message_control, messages, oauth, open_links, tokens
from sandbox.wechat.answers import Refused, refuse
from sandbox.wechat.pay import bill_control, cashier, scenarios, withdrawals
from sandbox.wechat.pay import blueprint as pay_blueprint

blueprint = Blueprint("wechat", __name__)

for _part in (tokens, login, oauth, messages, open_links):
    _part.blueprint.register_error_handler(Refused, refuse)
    blueprint.register_blueprint(_part.blueprint)
_RESTS = (
    pay_blueprint,
    cashier.blueprint,
    bill_control.blueprint,
    control.blueprint,
    message_control.blueprint,
    scenarios.blueprint,
    withdrawals.blueprint,
)
for _rest in _RESTS:
    blueprint.register_blueprint(_rest)
