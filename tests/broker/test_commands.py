"""The commands that show what is on the bus, on the real broker, as programs read them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, NewTopic

from deploy.cli.main import lianfang
from schemas.tokens import Keys
from tests.broker.live import Live
from tests.broker.people import positive, scan
from tests.broker.processes import environment


def command(live: Live, *words: str, code: int = 0) -> Any:
    """What a command prints as JSON; fails when it exits otherwise than expected."""
    done = CliRunner().invoke(lianfang, [*words, "--json"], env=environment(live.bus.settings))
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


@pytest.fixture
def told(live: Live) -> Live:
    """A bus on which a case and a contact met, and one record was refused."""
    live.commands.worker()
    live.publish("scan-code", [scan(1, 1), scan(2, 2), scan(3, 3, place_code="")])
    live.publish("lab-result", [positive(1, 1)])
    live.settle()
    return live


def test_show_what_is_there(told: Live) -> None:
    """Cases, rejects, trace and reconcile say, in JSON, what was published and what became of it, down to the release."""
    keys: Keys = told.bus.settings.keys
    cases = command(told, "cases", "list")
    assert sorted(case["roles"] for case in cases) == [["case"], ["contact"]]
    (case,) = [case for case in cases if case["roles"] == ["case"]]
    shown = command(told, "cases", "show", case["person"][:10], "--by", "CDC-1", "--reason", "tracing")
    assert (shown["status"], len(shown["contacts"]), shown["concerns"][0]["region"]) == ("confirmed", 1, "530602")
    assert {entry["what"] for entry in shown["timeline"]} == {"positive", "stay"}
    (reject,) = command(told, "rejects", "list")
    assert reject["reasons"] == [{"field": "place_code", "problem": "missing"}]
    (original,) = command(told, "rejects", "show", reject["record"][:12], "--original", "--reason", "repair", "--by", "OP-1")
    assert json.loads(original["original"])["scan_no"] == "S-3"
    hops = command(told, "trace", "lab-result", "LAB-530602-01", "X-1")
    topics = [hop["topic"] for hop in hops]
    for topic in ("raw.lab-result", "record.lab", "identity.link", "trace.order", "exposure", "contact", "case.linked", "deliver.daguan-county-cdc"):
        assert topic in topics, topics
    assert all(hop["after"] >= 0 for hop in hops if hop["topic"] != "identity.link")
    topics = [hop["topic"] for hop in command(told, "trace", "scan-code", "S-2")]
    for topic in ("raw.scan-code", "record.scan", "identity.mention", "identity.profile", "identity.shared", "identity.link", "presence", "contact", "case.linked", "deliver.daguan-county-cdc"):
        assert topic in topics, topics
    assert command(told, "trace", keys.token("record", "lab-result", "LAB-530602-01", "X-1")) == hops
    rows = {row["topic"]: row for row in command(told, "reconcile")}
    assert (rows["raw.scan-code"]["received"], rows["raw.scan-code"]["applied"], rows["raw.scan-code"]["rejected"]) == (3, 2, 1)


def test_work_is_listed_and_reported(live: Live) -> None:
    """A result makes a task; the report of a command goes in as a record, and the task is done, by whom and how."""
    live.commands.worker()
    live.publish("lab-result", [positive(1, 1)])
    live.settle()
    (task,) = command(live, "tasks", "list", "--clinic", "LAB-530602-01")
    assert (task["work"], task["state"], task["reason"]) == ("card", "open", "positive")
    said = command(live, "tasks", "done", task["task"][:10], "--by", "D-1", "--reason", "by_phone", "--at", "2020-01-23T12:00")
    live.settle()
    assert command(live, "tasks", "list") == []
    shown = command(live, "tasks", "show", task["task"])
    assert (shown["state"], shown["by"], shown["remark"]) == ("done", "D-1", "by_phone")
    assert {"record.report", "case.evidence", "case.linked", "task"} <= {hop["topic"] for hop in command(live, "trace", said["record"])}


def test_topics_are_mended(live: Live) -> None:
    """A setting changed by hand is mended, a topic that is not in the contract is reported and left alone, and then there is nothing to do."""
    bus = live.bus
    admin = KafkaAdminClient(bootstrap_servers=bus.endpoints.brokers)
    admin.create_topics([NewTopic(f"{bus.settings.namespace}stray", 1, 1)])
    admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, f"{bus.settings.namespace}contact", configs={"retention.ms": "1000"})])
    found = {(change["topic"], change["what"]) for change in command(live, "topics", "plan")}
    assert found == {("contact", "configure"), ("stray", "unknown")}
    assert [(change["topic"], change["what"]) for change in command(live, "topics", "apply")] == [("contact", "configure")]
    assert [(change["topic"], change["what"]) for change in command(live, "topics", "plan")] == [("stray", "unknown")]
    assert f"{bus.settings.namespace}stray" in admin.list_topics()
    admin.close()
