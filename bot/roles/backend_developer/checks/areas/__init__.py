"""The checks: small functions from a bench to a verdict, one module per score, listed in `checks.registry`."""
