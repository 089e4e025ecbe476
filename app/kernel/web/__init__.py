"""The web edge that all capabilities share: routes, strict JSON, problems, idempotent answers, limits."""
