"""Repaying from a bank account: mandates of customers, debits, and their files to and from the core bank."""
