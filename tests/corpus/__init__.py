"""The project's own corpus of what teams said, and what measures the product against it."""
