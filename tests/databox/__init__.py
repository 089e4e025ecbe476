"""Tests of the data box."""
