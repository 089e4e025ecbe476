"""Customers' routes: signing in, WeChat's return, and the account of the person signed in."""

from app.customers.routes import consents as _consents
from app.customers.routes import phone_changes as _phone_changes
from app.customers.routes import step_ups as _step_ups
from app.customers.routes.account import account
from app.customers.routes.js_sdk import public_js_sdk
from app.customers.routes.oauth import oauth_callback
from app.customers.routes.sign_in import frame_sign_in, sign_in

__all__ = ["account", "frame_sign_in", "oauth_callback", "public_js_sdk", "sign_in"]
_ATTACHED = (_consents, _phone_changes, _step_ups)  # their routes belong to `account`; importing them attaches these
