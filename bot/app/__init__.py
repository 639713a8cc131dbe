"""The running program: composition root, settings, command line, scheduler, jobs, operations."""
