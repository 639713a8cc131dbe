"""A Slack workspace on this machine: Web API, Socket Mode, a page. The embedded default, and the tests' counterpart."""

from bot.devtools.local_slack.core import Call
from bot.devtools.local_slack.faults import CallFault, Faults
from bot.devtools.local_slack.people import ActRefused, Person
from bot.devtools.local_slack.records import Channel, Member
from bot.devtools.local_slack.server import LocalSlack
from bot.devtools.local_slack.timing import Timing

__all__ = ["ActRefused", "Call", "CallFault", "Channel", "Faults", "LocalSlack", "Member", "Person", "Timing"]
