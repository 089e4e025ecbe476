"""What partners see of themselves."""

from __future__ import annotations

from marshmallow import fields

from app.kernel.web.routing import Out


class WhoAmIOut(Out):
    """Whom we take the signer for."""

    partner_code = fields.String(required=True)
    partner_name = fields.String(required=True)
    key_id = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    origins = fields.List(fields.String(), required=True)
    server_time = fields.AwareDateTime(required=True)
