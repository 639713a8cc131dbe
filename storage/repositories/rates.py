"""What was called of Slack lately, one row per workspace and method: all machines spend from the same."""

from __future__ import annotations

from sqlalchemy import bindparam, update
from sqlalchemy.dialects.postgresql import insert

from bot.domain.rates import Spent
from storage.tables import slack_rate
from storage.unit_of_work import UnitOfWork
from storage.values import select_of, shallow

_new = insert(slack_rate).values(calls=(), held_until=0.0)
_LOCK = _new.on_conflict_do_update(
    index_elements=[slack_rate.c.team, slack_rate.c.method], set_={"method": _new.excluded.method}
).returning(*select_of(Spent, slack_rate))
"""An update that changes nothing holds the row until the transaction ends; SQLite has one writer anyway."""

_PUT = (
    update(slack_rate)
    .where(slack_rate.c.team == bindparam("of_team"), slack_rate.c.method == bindparam("of_method"))
    .values(calls=bindparam("now_calls", type_=slack_rate.c.calls.type), held_until=bindparam("now_held"))
)


class SqlRates:
    """See `bot.services.repositories.Rates`."""

    __slots__ = ("_session",)

    def __init__(self, session: UnitOfWork) -> None:
        self._session = session

    def lock(self, team: str, method: str) -> Spent:
        """Return what was spent, and keep others from spending until this transaction ends."""
        row = self._session.row(_LOCK, {"team": team, "method": method})
        return Spent(**row) if row else Spent()

    def put(self, team: str, method: str, spent: Spent) -> None:
        """Record what was spent of a row that `lock` has made."""
        row = shallow(spent, slack_rate)
        values = {"of_team": team, "of_method": method, "now_calls": row["calls"], "now_held": row["held_until"]}
        self._session.change(_PUT, values)
