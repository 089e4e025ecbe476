"""The rules of partners: request signatures, digests, key algorithms, origins, scopes and statuses."""
