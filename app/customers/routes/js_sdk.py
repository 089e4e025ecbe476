"""What a page of ours inside WeChat hands to `wx.config`."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from app.adapters import channels
from app.customers.routes.answers import settings
from app.kernel.errors import Forbidden
from app.kernel.web.routing import In, Out, Routes

public_js_sdk = Routes("public_js_sdk", __name__, description="WeChat's JS-SDK on pages of ours")


class PageNotOurs(Forbidden):
    """A signature speaks in our name: only for pages on our own origins."""

    code = "js_sdk.page_not_ours"


class PageIn(In):
    """The page as it is: `location.href` without what follows `#`."""

    url = fields.String(required=True, validate=validate.Length(min=1, max=1000))


class PageSignatureOut(Out):
    """The parameters of `wx.config`, spelled as WeChat spells them."""

    appId = fields.String(required=True)  # noqa: N815  WeChat's own spelling
    timestamp = fields.String(required=True)
    nonceStr = fields.String(required=True)  # noqa: N815
    signature = fields.String(required=True)


@public_js_sdk.get("/js-sdk-signature")
@public_js_sdk.arguments(PageIn, location="query")
@public_js_sdk.response(200, PageSignatureOut)
def sign_page(query: dict[str, Any]) -> dict[str, str]:
    """Sign one of our own pages for WeChat's JS-SDK. 403 `js_sdk.page_not_ours`; 503 `wechat.unavailable`."""
    url = query["url"]
    if not url.startswith((f"{settings().public_url}/", f"{settings().embed_url}/")):  # to the slash: no other host
        raise PageNotOurs("Only pages of this bank are signed.")
    return channels().wechat_login.page_signature(url)
