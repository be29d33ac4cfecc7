"""Who may touch Kafka, and how."""

from __future__ import annotations

from pathlib import Path

from deploy.local import kafka
from tests.architecture.tree import modules, named, parsed

CODE = modules("schemas", "streams", "connectors", "deploy")


def test_only_topics_apply_creates_topics() -> None:
    """Nothing but deploy/topics.py knows how a topic is made. Only the end of a drill deletes any, and it refuses every other bus; more partitions are known nowhere."""
    makers = {path for path in CODE if named(parsed(path)) & {"create_topics", "NewTopic", "CreateTopicsRequest"}}
    assert makers == {Path("deploy/topics.py")}
    enders = {path for path in CODE if named(parsed(path)) & {"delete_topics", "create_partitions", "NewPartitions", "delete_records"}}
    assert enders == {Path("deploy/drill/end.py")}


def test_local_broker_creates_none_by_itself() -> None:
    """The local broker makes no topic because somebody asked for it."""
    assert "auto.create.topics.enable=false" in Path(kafka.__file__).read_text("utf-8")
