"""The service that is rendered from a blueprint."""
