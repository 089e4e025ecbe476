"""What all data sources share: the fact that one is down, which is never a reason to decline."""

from __future__ import annotations

from app.kernel.errors import Unavailable


class SourceDown(Unavailable):
    """A data source does not answer; `source` in the context names it. Wait and ask again with the same query_no."""

    code = "source.down"
