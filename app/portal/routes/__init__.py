"""The portal's routes: `entry` for nobody yet (signing up and in, styles), `portal` for partners' developers."""

from app.portal.routes import access as _access
from app.portal.routes import building as _building
from app.portal.routes import calls as _calls
from app.portal.routes import clock as _clock
from app.portal.routes import hooks as _hooks
from app.portal.routes.pages import authenticate_request, entry, portal

__all__ = ["authenticate_request", "entry", "portal"]
# importing them attaches their routes
_ATTACHED = (_access, _building, _calls, _clock, _hooks)
