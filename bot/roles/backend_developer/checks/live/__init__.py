"""Evidence from outside: the rendered service runs in a box, and is probed by what the blueprint says of it."""
