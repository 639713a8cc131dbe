"""Files drawn from a blueprint: pure functions, the same bytes for the same blueprint."""
