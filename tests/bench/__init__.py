"""Measurements side by side with a bare Bolt app: `python -m tests.bench` (`make bench`)."""
