"""Readers of program code that declares what a backend keeps: types, models, messages and routes."""
