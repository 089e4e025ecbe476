"""Kinds of messages with their texts, quiet hours, grants and states: no database, no clock."""
