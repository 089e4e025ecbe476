"""The console's routes: `entry` for nobody yet (sign-in page, styles), `console` for staff."""

from app.console.routes import applications as _applications
from app.console.routes import appointments as _appointments
from app.console.routes import catalogue as _catalogue
from app.console.routes import changes as _changes
from app.console.routes import classes as _classes
from app.console.routes import customers as _customers
from app.console.routes import debits as _debits
from app.console.routes import home as _home
from app.console.routes import insights as _insights
from app.console.routes import money as _money
from app.console.routes import partners as _partners
from app.console.routes import rates as _rates
from app.console.routes import reconciliation as _reconciliation
from app.console.routes import reviews as _reviews
from app.console.routes import sign_in as _sign_in
from app.console.routes.pages import authenticate_request, console, entry

__all__ = ["authenticate_request", "console", "entry"]
# importing them attaches their routes
_ATTACHED = (
    *(_applications, _appointments, _catalogue, _changes, _classes, _customers, _debits),
    *(_home, _insights, _money, _partners, _rates, _reconciliation, _reviews, _sign_in),
)
