"""What stands on the bus of refused records, and what people did about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from deploy.stands import Reads, stands
from schemas.models.raw import Approval, Reject, Repair


class NotOne(Exception):
    """Nothing, or several things, begin so; the message says what to do."""


class Stand(StrEnum):
    """How far a refused record is."""

    OPEN = "open"
    PROPOSED = "proposed"
    REPAIRED = "repaired"


@dataclass(frozen=True, slots=True)
class Refused:
    """A reject that stands, with the repairs that were proposed for it (the oldest first) and who approved them."""

    reject: Reject
    repairs: list[Repair] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)

    @property
    def stand(self) -> Stand:
        """How far it is."""
        return Stand.REPAIRED if self.approvals else Stand.PROPOSED if self.repairs else Stand.OPEN


def refused(reader: Reads) -> list[Refused]:
    """All rejects that stand, in the order in which they were written. Raises CannotRead as the reader does."""
    found = {reject.id: Refused(reject) for reject in stands(reader, "reject", Reject)}
    by_bytes = {(one.reject.pointer.topic, one.reject.pointer.partition, one.reject.pointer.offset): one for one in found.values()}
    approvals = stands(reader, "repair.approval", Approval)
    for repair in stands(reader, "repair.proposal", Repair):
        one = by_bytes.get((repair.pointer.topic, repair.pointer.partition, repair.pointer.offset))
        if one:
            one.repairs.append(repair)
            one.approvals.extend(approval for approval in approvals if approval.repair == repair.id)
    return list(found.values())


def one_repair(reader: Reads, beginning: str) -> tuple[Repair, list[Approval]]:
    """The repair whose id begins so, with its approvals; raises NotOne."""
    found = [repair for repair in stands(reader, "repair.proposal", Repair) if repair.id.startswith(beginning)]
    if len(found) != 1:
        raise NotOne(f"{len(found) or 'no'} repairs begin with {beginning}: `lianfang rejects list --state proposed` shows those that wait")
    return found[0], [approval for approval in stands(reader, "repair.approval", Approval) if approval.repair == found[0].id]


def one_reject(found: Sequence[Refused], beginning: str) -> Refused:
    """The refused record whose token, or the id of whose reject, begins so; raises NotOne."""
    mine = [one for one in found if one.reject.record.startswith(beginning) or one.reject.id.startswith(beginning)]
    if len(mine) == 1:
        return mine[0]
    several = f"several refused versions begin with {beginning}: name one by the id of its reject, which `lianfang rejects show` tells"
    raise NotOne(several if mine else f"no refused record begins with {beginning}; `lianfang rejects list` shows them")
