"""State to Block Kit: pure functions, no I/O, the same output for the same state."""
