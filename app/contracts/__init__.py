"""Contracts: cost sheets that must be read, contracts in Chinese as PDF/A, signatures with their evidence."""
