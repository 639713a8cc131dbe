"""The backend developer: all that knows what a backend is."""
