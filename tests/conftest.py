"""What holds for every test: hypothesis' patience on shared machines, and no network but this machine's own."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.support.loopback_only"]

# The machines are shared: a slow example is no fault, and a deadline would make one of it. `make test` tries a few
# dozen examples of each property; `pytest --hypothesis-profile=thorough` tries many, for whoever changes a parser.
settings.register_profile("quick", deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", deadline=None, max_examples=500, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("quick")
