"""How the rate of a loan follows the LPR, as its customer reads it."""

from __future__ import annotations

from marshmallow import fields, validate

from app.engine.repricing import BENCHMARKS, RepricedOn
from app.kernel.web.routing import Out


class RepricingOut(Out):
    """The rate is the benchmark and the spread (basis points, below 0 a discount), set anew once a year."""

    benchmark = fields.String(required=True, validate=validate.OneOf(BENCHMARKS))
    spread_bps = fields.Integer(required=True)
    on = fields.String(required=True, validate=validate.OneOf([str(one) for one in RepricedOn]))
    next_on = fields.Date(required=True)
