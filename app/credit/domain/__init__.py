"""Pure credit rules: features, knock-outs, scorecard, limit, price and the decision; no database, no clock."""
