"""What partners send and see of themselves, their keys and their tokens."""

from __future__ import annotations

from marshmallow import fields, validate

from app.kernel.web.paging import page_schema
from app.kernel.web.routing import In, Out
from app.partners.domain.agreements import SCOPES
from app.partners.domain.algorithms import KEY_TYPES, SHARED
from app.partners.domain.keys import MOST_NETWORKS
from app.partners.domain.versions import NEWEST

ALGORITHMS = validate.OneOf([*KEY_TYPES, *sorted(SHARED)])
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SCOPE = validate.OneOf(sorted(SCOPES))


class WhoAmIOut(Out):
    """Whom we take the signer for."""

    partner_code = fields.String(required=True)
    partner_name = fields.String(required=True)
    key_id = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    origins = fields.List(fields.String(), required=True)
    mode = fields.String(required=True, validate=validate.OneOf(["live", "test"]))
    version = fields.String(required=True, metadata={"example": NEWEST})
    server_time = fields.AwareDateTime(required=True)


class KeyIn(In):
    """Another key of yours. Send `public_key_pem` for the algorithms whose private key you keep, else we make a secret.

    `networks`: addresses from which it works, none for all of them; `version`: by default that of the asking key.
    """

    algorithm = fields.String(required=True, validate=ALGORITHMS)
    public_key_pem = fields.String(load_default=None, validate=validate.Length(1, 4000))
    scopes = fields.List(fields.String(validate=SCOPE), required=True, validate=validate.Length(1, len(SCOPES)))
    networks = fields.List(
        fields.String(validate=validate.Length(1, 49)),
        load_default=[],
        validate=validate.Length(max=MOST_NETWORKS),
        metadata={"example": ["203.0.113.0/24"]},
    )
    version = fields.String(load_default=None, validate=validate.Length(max=10), metadata={"example": NEWEST})


class KeyOut(Out):
    """One of your keys; a secret is never shown again."""

    key_id = fields.String(required=True, metadata={"example": "key_test_…"})
    algorithm = fields.String(required=True, validate=ALGORITHMS)
    scopes = fields.List(fields.String(), required=True)
    networks = fields.List(fields.String(), required=True)
    mode = fields.String(required=True, validate=validate.OneOf(["live", "test"]))
    version = fields.String(required=True)
    not_before = fields.AwareDateTime(required=True)
    not_after = fields.AwareDateTime(required=True)
    revoked_at = fields.AwareDateTime(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)


class NewKeyOut(Out):
    """A new key; its secret is shown this once."""

    key = fields.Nested(KeyOut, required=True)
    secret = fields.String(required=True, allow_none=True, metadata={"example": "sk_test_…"})


class TokenIn(In):
    """RFC 6749 §4.4.2, as a form. The client is a key with the algorithm `client_secret` that sends its secret (HTTP
    Basic will do, too), or a key that signs and sends a JWT as `client_assertion` (RFC 7523, private_key_jwt)."""

    grant_type = fields.String(required=True)
    client_id = fields.String(load_default=None, validate=validate.Length(1, 64))
    client_secret = fields.String(load_default=None, validate=validate.Length(1, 200))
    client_assertion_type = fields.String(load_default=None, metadata={"example": ASSERTION_TYPE})
    client_assertion = fields.String(load_default=None, validate=validate.Length(1, 4000))
    scope = fields.String(load_default=None, validate=validate.Length(1, 500))


class TokenOut(Out):
    """RFC 6749 §5.1. Send it as `Authorization: Bearer …`."""

    access_token = fields.String(required=True, metadata={"example": "pat_test_…"})
    token_type = fields.String(required=True, metadata={"example": "Bearer"})
    expires_in = fields.Integer(required=True, metadata={"example": 900})
    scope = fields.String(required=True)


KeyPageOut = page_schema("KeyPageOut", KeyOut)


class CallsIn(In):
    """From where on you read the log of your requests, and what you look for."""

    after = fields.AwareDateTime(load_default=None)
    method = fields.String(load_default="", validate=validate.Length(max=10))
    route = fields.String(load_default="", validate=validate.Length(max=100))
    status = fields.String(load_default="", validate=validate.Length(max=3), metadata={"example": "4xx"})
    code = fields.String(load_default="", validate=validate.Length(max=100))
    request_id = fields.String(load_default="", validate=validate.Length(max=64))


class CallOut(Out):
    """One request of yours: never its content, its query or the ids in its path."""

    at = fields.AwareDateTime(required=True, attribute="when")
    method = fields.String(required=True)
    route = fields.String(required=True, metadata={"example": "/partner/v1/orders/{order_ref}"})
    status = fields.Integer(required=True)
    code = fields.String(required=True, metadata={"description": "Of the refusal; else empty"})
    request_id = fields.String(required=True)
    key_id = fields.String(required=True)
    duration_ms = fields.Integer(required=True)


class CallsOut(Out):
    """A hundred at most, oldest first: the next ones after `after`, without it the newest."""

    items = fields.List(fields.Nested(CallOut), required=True)
