"""What is sent and answered about loans: `servicing` for customers, `calculator` for everybody."""
