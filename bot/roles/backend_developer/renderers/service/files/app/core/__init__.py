"""What every resource uses; nothing in here knows the domain."""
