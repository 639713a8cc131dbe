"""The use cases: each method is one transaction, or the drive of one long work."""
