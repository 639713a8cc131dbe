"""The words and rules of an evaluation: frozen values and pure functions, no I/O."""
