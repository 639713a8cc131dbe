"""The people and channels that a new local workspace starts with."""

from __future__ import annotations

from bot.devtools.local_slack.records import Channel, Member

PEOPLE: tuple[Member, ...] = (
    Member(id="U0AVALIND1", name="ava", real_name="Ava Lindqvist", title="Backend engineer", color="2f6fde"),
    Member(id="U0BENOKAF1", name="ben", real_name="Ben Okafor", title="Solution architect", color="b5541c"),
    Member(id="U0CHLOEMA1", name="chloe", real_name="Chloe Martin", title="Security lead", color="a3246b"),
    Member(id="U0DANKIM01", name="dan", real_name="Dan Kim", title="Engineering manager", color="2e7d4f"),
    Member(id="U0EVAROSS1", name="eva", real_name="Eva Rossi", title="Product owner", color="6b46c1"),
    Member(id="U0FARIDNA1", name="farid", real_name="Farid Nazari", title="Platform engineer", color="0f766e"),
)
_ALL = tuple(person.id for person in PEOPLE)
_BOT = "U0EIPASBOT"

CHANNELS: tuple[Channel, ...] = (
    Channel(id="C0IDEAS001", name="product-ideas", topic="Ideas and their evaluations", members=(*_ALL, _BOT)),
    Channel(id="C0BACKEND1", name="backend-guild", topic="Backend engineering", members=(*_ALL, _BOT)),
    Channel(id="C0STAKEHO1", name="stakeholders", topic="What is decided, and what waits", members=(*_ALL, _BOT)),
    Channel(id="C0GENERAL1", name="general", topic="Company-wide", members=_ALL),
)
