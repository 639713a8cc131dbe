"""What a rendered service is measured against; runs in an environment that has FastAPI."""
