"""Anybody who holds a paper of the bank can see whether it is genuine and untouched; the file stays with them."""
