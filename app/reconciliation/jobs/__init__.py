"""Jobs of reconciliation: fetching and comparing days, asking about differences, giving credit back."""

from app.reconciliation.jobs import asking as _asking
from app.reconciliation.jobs.fetching import reconcile_day

__all__ = ["reconcile_day"]
_DECLARED = _asking  # importing it declares its tasks
