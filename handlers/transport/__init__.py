"""The lines to Slack: who it is that calls, over a socket or by signed HTTP, in one workspace or in many."""

from handlers.transport.front import SlackFront
from handlers.transport.sockets import Sockets
from handlers.transport.workspaces import NotInstalled, OneWorkspace, Workspaces, web_client, web_session

__all__ = ["NotInstalled", "OneWorkspace", "SlackFront", "Sockets", "Workspaces", "web_client", "web_session"]
