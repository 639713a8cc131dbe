"""Documents of earlier phases."""
