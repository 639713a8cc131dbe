"""Bringing Slack in step with the state: what should stand there is compared with what does; the difference is sent."""

from handlers.sync.applier import Pace
from handlers.sync.reconciler import Clients, Reconciler

__all__ = ["Clients", "Pace", "Reconciler"]
