"""A local Messages API for rehearsals and tests. There is no model in it: what it answers is scripted or made by rules.

It refuses what the real service refuses, so that what works here is not refused there: bodies that the SDK's own types
do not allow, unpaired tool results, prefill, sampling parameters, a changed prefix.
"""

from __future__ import annotations

from bot.agent.script import Break, Fault, Reply, Script, end, text, thinking, use
from bot.devtools.local_model.server import LocalModel

__all__ = ["Break", "Fault", "LocalModel", "Reply", "Script", "end", "text", "thinking", "use"]
