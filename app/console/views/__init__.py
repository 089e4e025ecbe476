"""What each page shows, put together from the queries of all capabilities; personal data masked."""
