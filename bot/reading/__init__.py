"""Reading what people said: segments, one reader per notation, facts with the span that they come from."""
