"""Money in by WeChat Pay and money out by the core bank: each movement counted once."""
