"""WeChat Pay v3 for a direct merchant: every request is verified, every answer is signed."""

from __future__ import annotations

from flask import Blueprint

from sandbox.wechat.pay import abnormal_refunds, bills, certificates, orders, prepay, refunds
from sandbox.wechat.pay.answers import PayRefused, refuse, sign_answer
from sandbox.wechat.pay.authorization import check_request
from sandbox.wechat.pay.faults import play_fault

blueprint = Blueprint("wechat_pay", __name__, url_prefix="/v3")

for _part in (prepay, orders, refunds, abnormal_refunds, bills, certificates):
    blueprint.register_blueprint(_part.blueprint)
blueprint.before_request(check_request)
blueprint.before_request(play_fault)
blueprint.after_request(sign_answer)
blueprint.register_error_handler(PayRefused, refuse)
