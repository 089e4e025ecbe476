"""What a wrong setting raises."""

from __future__ import annotations


class SettingsError(RuntimeError):
    """One sentence for a person: which setting is missing or wrong."""
