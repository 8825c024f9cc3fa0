"""Ratios to what a user could pick instead, measured side by side in one run; never part of the tests."""
