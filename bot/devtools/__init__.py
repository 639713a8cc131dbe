"""What stands in for the outside: a local Slack, a local Messages API, and the rehearsal that plays on them."""
