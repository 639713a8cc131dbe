"""What a designer hands over, whatever the trade: data that a kit knows how to read, render and check."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, SerializeAsAny, ValidationInfo, ValidatorFunctionWrapHandler, WrapValidator

PROPOSAL_TYPE = "proposal_type"
"""Key of pydantic's validation context under which the kit's own type of proposal is given."""


class Proposal(BaseModel):
    """Base of every kit's proposal: frozen, no unknown keys. Only the kit looks inside."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @property
    def digest(self) -> str:
        """Hex sha256 of its JSON: the proposal's identity."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def _of_its_kind(value: Any, _handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Proposal:
    """Read a proposal as the type that the validation context names: what is stored does not say which kit made it."""
    if isinstance(value, Proposal):
        return value
    kind: type[Proposal] | None = (info.context or {}).get(PROPOSAL_TYPE)
    if kind is None:
        raise ValueError(f"a proposal is read with its kit's type as `{PROPOSAL_TYPE}` in the context")
    return kind.model_validate(value)


AnyProposal = Annotated[SerializeAsAny[Proposal], WrapValidator(_of_its_kind)]
"""A field that holds the proposal of whichever kit; written whole, and read by the type in the context."""
