"""One reader per notation, each by a real parser of it."""
