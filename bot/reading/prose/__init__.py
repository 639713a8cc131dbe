"""A controlled grammar over the lemmas of English and German sentences; what it does not know stays not understood."""
