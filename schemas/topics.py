"""The contract read and checked: every topic of `topics.yaml`, with `raw.*`, `deliver.*` and `state.*` written out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from schemas import yamls
from schemas.models import (
    case,
    control,
    identity,
    isolation,
    log,
    measure,
    movement,
    need,
    notice,
    raw,
    record,
    release,
    rights,
    rotation,
    screening,
    signal,
    statistic,
    supply,
    task,
)

MODELS: dict[str, type[BaseModel]] = {
    model.__name__: model
    for model in (
        raw.Raw, raw.Reject, raw.Repair, raw.Approval, raw.RejectLook, raw.Ledger,
        record.Scan, record.Gate, record.Visit, record.Lab, record.Household, record.Clockin, record.Travel,
        record.Crossing, record.Step, record.Report, record.MeasureRequest, record.Sale, record.StockReport, record.DispatchReport, record.CareVisit,
        record.NeedReport, record.ProviderReport, record.OfferReport, need.NeedAsked, need.Need,
        record.Screening, screening.Screened, record.Absence,
        rights.ComplaintReport, rights.AnswerReport, rights.ClosureReport, rights.Complaint, rights.ClosureAlert,
        identity.Mention, identity.Profile, identity.Block, identity.ModelPart, identity.Shared, identity.Match,
        identity.Judgement, identity.Look, identity.Review, identity.Link, movement.Presence, movement.Order, movement.Exposure, movement.Contact,
        case.Evidence, case.LinkedCase, task.Task, statistic.Counted, statistic.Statistic, signal.Attendance, signal.Signal, signal.Silence,
        measure.MeasureAsked, measure.MeasureInForce, measure.MeasureRefused, measure.MeasureAlert,
        isolation.Isolation, isolation.Sighting, isolation.Breach, isolation.MeasureBeyond,
        notice.PublicNotice, notice.ResidentNotice, supply.Supply, supply.Dispatch,
        release.Release, release.Receipt, release.Audit,
        log.Taken, log.Checkpoint, log.CaseLook, control.Tick, control.Rules,
        control.Erasure, control.ErasureProposal, control.ErasureApproval,
        control.AgencyProposal, control.AgencyApproval, control.LevelInForce, control.LevelProposal, control.LevelApproval, control.LevelEnd,
        control.RiskArea, control.AreaProposal, control.AreaApproval, control.AreaEnd,
        rotation.RotationProposal, rotation.RotationApproval, rotation.Carried,
    )
}  # fmt: skip
"""Every model that is the value of a topic, by name."""

_UNITS = {"h": 3_600_000, "d": 86_400_000}


class Topic(BaseModel):
    """One topic of the contract."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9.*-]*$", description="Name, without the namespace.")
    says: str = Field(description="What is on it, in one sentence.")
    key: str = Field(description="What the record key is.")
    value: str = Field(description="Model of the value, or 'none' for bytes that only the writer reads.")
    owner: str = Field(description="Who answers for it.")
    writer: str = Field(description="Who may write.")
    readers: list[str] = Field(min_length=1, description="Who may read.")
    privacy: Literal["identified", "pseudonymous", "none"] = Field(description="Whether its values name persons.")
    cleanup: Literal["delete", "compact"] = Field(description="Whether old records go by age or by key.")
    retention: str = Field(pattern=r"^(forever|\d+[hd])$", description="How long records stay; of a compacted topic only the latest of a key stays, for ever.")
    partitions: int | None = Field(default=None, ge=1, description="Number of partitions; unset means the setting `partitions`.")
    replication: int | None = Field(default=None, ge=1, description="Copies; unset means the setting `replication`.")
    compatibility: Literal["full", "backward", "none"] = Field(
        description="What a new schema must be to all released ones. full: old and new readers read old and new values; backward: new readers read old values."
    )

    @field_validator("value")
    @classmethod
    def _is_model(cls, value: str) -> str:
        if value != "none" and value not in MODELS:
            raise ValueError(f"{value} is no model; models are {', '.join(MODELS)}")
        return value

    @property
    def model(self) -> type[BaseModel] | None:
        """The model of the value, or None for plain bytes."""
        return MODELS.get(self.value)

    @property
    def retention_ms(self) -> int:
        """Retention in milliseconds, -1 for ever."""
        match = re.fullmatch(r"(\d+)([hd])", self.retention)
        return int(match[1]) * _UNITS[match[2]] if match and self.cleanup == "delete" else -1


@cache
def written() -> dict[str, Topic]:
    """Topics as they are written in the file, `raw.*` and its like once each."""
    text = files("schemas").joinpath("topics.yaml").read_text("utf-8")
    document: dict[str, Any] = yamls.read(text)
    defaults: dict[str, Any] = document["defaults"]
    return {name: Topic.model_validate({"name": name} | defaults | entry) for name, entry in document["topics"].items()}


@cache
def model_of(name: str) -> type[BaseModel] | None:
    """The model of a topic's values by the topic's name, such as raw.scan-code; None for bytes that only the writer reads, and for what is no topic."""
    entry = written().get(name) or written().get(f"{name.partition('.')[0]}.*")
    return entry.model if entry else None


def contract(sources: Iterable[str], agencies: Iterable[str], stages: Mapping[str, tuple[str, ...]], partitions: int, replication: int = 1) -> dict[str, Topic]:
    """Every topic by name, with its numbers of partitions and copies.

    `stages` gives the inputs of each stage by its name; a changelog has as many partitions as its stage's inputs.
    """
    topics: dict[str, Topic] = {}
    names = {"raw.*": list(sources), "deliver.*": list(agencies)}
    for name, topic in written().items():
        if name == "state.*":
            continue
        for one in [name.replace("*", part) for part in names[name]] if name in names else [name]:
            numbers: dict[str, Any] = {"partitions": topic.partitions or partitions, "replication": topic.replication or replication}
            topics[one] = topic.model_copy(update={"name": one} | numbers)
    for stage, inputs in stages.items():
        counts = {topics[one].partitions for one in inputs}
        if len(counts) != 1:
            raise ValueError(f"stage {stage} reads topics with {sorted(map(str, counts))} partitions together; they must have equally many")
        state = written()["state.*"]
        numbers = {"partitions": counts.pop(), "replication": state.replication or replication}
        topics[f"state.{stage}"] = state.model_copy(update={"name": f"state.{stage}"} | numbers)
    return topics
