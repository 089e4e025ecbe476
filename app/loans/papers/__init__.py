"""What is printed of a loan: statements, schedules, receipts, letters and certificates; read, worded, laid out."""
