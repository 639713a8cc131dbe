"""Worker processes: what computes for long does so beside the process that answers people."""
