"""What follows from the contract for each principal, held against the contract in the plainest words."""

from __future__ import annotations

from deploy.access import roles
from deploy.access.grants import Grant, Parts
from deploy.docs.shipped import shipped
from schemas.agency import Webhook
from schemas.topics import contract

SHIPPED = shipped()
TOPICS = contract(SHIPPED.sources, SHIPPED.agencies, {stage.name: stage.inputs for stage in SHIPPED.stages}, 2)
PARTS = Parts("ns.", TOPICS, tuple(SHIPPED.sources), SHIPPED.agencies, SHIPPED.stages)
GRANTS = PARTS.grants()


def may(role: str, operation: str) -> set[str]:
    """The topics at which a role may do something."""
    return {one.name.removeprefix("ns.") for one in GRANTS if (one.principal, one.kind, one.operation) == (f"ns.{role}", "topic", operation)}


def test_every_principal_is_of_this_bus_and_has_something_to_do() -> None:
    """Principals and what they may touch begin with the namespace; none is without a grant, and none with a grant is left out."""
    assert all(one.principal.startswith("ns.") and one.name.startswith("ns.") for one in GRANTS)
    assert {one.principal for one in GRANTS} == set(PARTS.principals())
    assert len(set(PARTS.principals())) == len(PARTS.principals())


def test_nobody_may_change_topics_or_grants() -> None:
    """Reading, writing and describing is all there is, on topics, groups and transactional ids."""
    assert {one.operation for one in GRANTS} == {"read", "write", "describe"}
    assert {one.kind for one in GRANTS} == {"topic", "group", "transactional_id"}
    assert all(one.allow and one.host == "*" for one in GRANTS)


def test_a_stage_reads_its_inputs_and_writes_its_outputs() -> None:
    """And its own state, the ledger and rejects; the stage routing also reads what was approved, and says under which files it decides."""
    for stage in SHIPPED.stages:
        beside = {"agency.proposal", "agency.approval"} if stage.name == "routing" else set()
        assert may(roles.stage(stage.name), "read") == {*stage.inputs, stage.changelog, *beside}
        said = {"control.rules"} if stage.name == "routing" else set()
        assert may(roles.stage(stage.name), "write") == {*stage.outputs, stage.changelog, "ledger", "reject"} | said
        assert Grant(f"ns.stage.{stage.name}", "transactional_id", f"ns.lianfang.{stage.name}.", "write", prefixed=True) in GRANTS


def test_no_transactional_id_of_one_stage_is_of_another() -> None:
    """What a stage may call itself begins as that of no other stage."""
    ids = [one.name for one in GRANTS if one.kind == "transactional_id"]
    assert [(one, other) for one in ids for other in ids if one is not other and other.startswith(one)] == []


def test_an_agency_reads_its_own_topic_alone() -> None:
    """And no agency writes anywhere; the deliverer reads those with a webhook."""
    for name in SHIPPED.agencies:
        assert may(roles.agency(name), "read") == {f"deliver.{name}"}
        assert may(roles.agency(name), "write") | may(roles.agency(name), "describe") == set()
    webhooks = {f"deliver.{name}" for name, agency in SHIPPED.agencies.items() if isinstance(agency.deliver, Webhook)}
    assert may(roles.DELIVER, "read") == {*webhooks, "agency.proposal", "agency.approval"}
    assert may(roles.DELIVER, "write") == {"receipt"}


def test_a_source_writes_its_own_topic_and_reads_the_levels() -> None:
    """So what one source sends, no other sees; and what may be collected, all see."""
    for name in SHIPPED.sources:
        assert may(roles.source(name), "write") == {f"raw.{name}"}
        assert may(roles.source(name), "read") == {"control.level"}
    assert may(roles.INTAKE, "read") == {"control.level"}


def test_people_write_only_what_they_decide() -> None:
    """Operators write nothing and read no state; stewards write what the contract says is theirs."""
    assert may(roles.OPERATOR, "write") == set()
    assert may(roles.OPERATOR, "read") == {name for name in TOPICS if not name.startswith("state.") and name != "audit.order"}
    assert may(roles.STEWARD, "write") == {name for name, topic in TOPICS.items() if topic.writer == "stewards"}
    assert may(roles.SUBSCRIBER, "read") == {name for name, topic in TOPICS.items() if "subscribers" in topic.readers}
