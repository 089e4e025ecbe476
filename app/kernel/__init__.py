"""What every capability stands on; no business word lives here."""
