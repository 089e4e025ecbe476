"""Customers: how people sign in, who they are, which enterprises they act for, and what they consented to."""
