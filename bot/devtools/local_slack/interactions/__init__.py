"""What people do in the local Slack, and what it makes the app hear."""
