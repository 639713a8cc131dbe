"""What all blocks have."""

from __future__ import annotations

from bot.devtools.local_slack.blockkit.composition import Id255, Strict


class Block(Strict):
    """What every block may carry."""

    block_id: Id255 | None = None
