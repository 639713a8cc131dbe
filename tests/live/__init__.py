"""Evidence from outside: the rendered service runs in a box and is probed."""
