"""The partner's own server, the invented wholesale shop 云仓批发: its pages, its API and its receiver of webhooks."""

from flask import Blueprint

from sandbox.shop import api, order_pages, pages, seller_pages, webhooks

blueprint = Blueprint("shop", __name__)
for part in (pages.blueprint, order_pages.blueprint, seller_pages.blueprint, api.blueprint, webhooks.blueprint):
    blueprint.register_blueprint(part)
