"""Roles and their files."""
