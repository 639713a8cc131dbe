"""EIPAS for Slack: the product without Slack. See docs/architecture.md for the rooms of this context."""
