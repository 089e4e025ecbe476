"""Makers of invented things for tests, one file a capability."""
