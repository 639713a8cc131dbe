"""Slack in and out: entry points, views and the reconciler; nothing else in the product knows Slack."""
