"""What holds for every test: hypothesis' patience on shared machines, and no network but this machine's own."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# The machines are shared: a slow example is no fault, and a deadline would make one of it.
settings.register_profile("eipas", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("eipas")
