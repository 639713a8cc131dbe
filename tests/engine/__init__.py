"""Tests of the job queue: DBOS asleep and awake, killed and recovered."""
