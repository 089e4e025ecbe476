"""Rules about people that need no database: codes, masks, consents, sessions, and the facts that refuse."""
