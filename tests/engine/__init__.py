"""Tests of the engine: the outbox, and DBOS asleep and awake."""
