"""Rules of reconciliation: how bills are read, what differs in which way, who may decide what."""
