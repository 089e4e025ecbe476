"""Partners' servers ask who they are: the first call of an integration."""

from __future__ import annotations

from typing import Any

from app.kernel import clock
from app.kernel.db import transaction
from app.kernel.web import principal
from app.kernel.web.routing import Routes
from app.partners import queries
from app.partners.schemas import WhoAmIOut

blueprint = Routes("partners", __name__, description="Who signed the request")


@blueprint.get("/whoami")
@blueprint.response(200, WhoAmIOut)
def whoami() -> dict[str, Any]:
    """Whom we take the signer for: proves that your signature arrives as you meant it."""
    asking = principal.partner()
    with transaction() as session:
        partner = queries.partner(session, asking.partner_id)
        return {
            "partner_code": partner.code,
            "partner_name": partner.name,
            "key_id": asking.key_id,
            "scopes": sorted(asking.scopes),
            "origins": queries.origins(session, asking.partner_id),
            "server_time": clock.now(),
        }
