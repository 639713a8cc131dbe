"""Faults as data: what is planted where, and which checks name it."""

from tests.judge.faults.additions import ADDITIONS
from tests.judge.faults.again import AGAIN
from tests.judge.faults.asked import ASKED
from tests.judge.faults.contract import CONTRACT
from tests.judge.faults.doors import DOORS
from tests.judge.faults.fifth import FIFTH
from tests.judge.faults.fourth import FOURTH
from tests.judge.faults.kept import KEPT
from tests.judge.faults.key_by_key import KEY_BY_KEY
from tests.judge.faults.later import LATER
from tests.judge.faults.model import Fault
from tests.judge.faults.nearby import NEARBY
from tests.judge.faults.overlooked import OVERLOOKED
from tests.judge.faults.schema import SCHEMA
from tests.judge.faults.shape import SHAPE
from tests.judge.faults.siblings import SIBLINGS
from tests.judge.faults.sixth import SIXTH
from tests.judge.faults.third import THIRD
from tests.judge.faults.weakened import WEAKENED
from tests.judge.faults.words import WORDS

FAULTS: tuple[Fault, ...] = (
    *ASKED, *DOORS, *KEPT, *SHAPE, *WORDS, *LATER, *CONTRACT, *SCHEMA, *OVERLOOKED, *AGAIN, *THIRD, *SIBLINGS, *FOURTH, *KEY_BY_KEY,
    *FIFTH, *NEARBY, *SIXTH, *WEAKENED, *ADDITIONS,
)  # fmt: skip

__all__ = ["FAULTS", "Fault"]
