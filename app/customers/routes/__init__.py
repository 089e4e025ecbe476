"""Customers' routes: signing in, WeChat's return, and the account of the person signed in."""

from app.customers.routes import consents as _consents
from app.customers.routes import step_ups as _step_ups
from app.customers.routes.account import account
from app.customers.routes.oauth import oauth_callback
from app.customers.routes.sign_in import sign_in

__all__ = ["account", "oauth_callback", "sign_in"]
_ATTACHED = (_consents, _step_ups)  # their routes belong to `account`; importing them attaches these
