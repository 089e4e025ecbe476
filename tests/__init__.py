"""Tests mirror the tree of the program."""
