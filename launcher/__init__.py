"""Starts and stops everything Dukou needs on one machine: PostgreSQL, Valkey, sandbox, web, worker."""
