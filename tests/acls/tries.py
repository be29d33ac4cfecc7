"""Operations on a secured broker, each really tried in the wire protocol: many in one request, so that thousands take seconds."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any, NamedTuple

from kafka.admin import KafkaAdminClient
from kafka.protocol.admin.acl import CreateAclsRequest, DescribeAclsRequest
from kafka.protocol.admin.configs import DescribeConfigsRequest, IncrementalAlterConfigsRequest
from kafka.protocol.admin.groups import DeleteGroupsRequest
from kafka.protocol.admin.topics import CreatePartitionsRequest, CreateTopicsRequest, DeleteRecordsRequest, DeleteTopicsRequest
from kafka.protocol.admin.users import DescribeUserScramCredentialsRequest
from kafka.protocol.consumer.fetch import FetchRequest
from kafka.protocol.consumer.group import HeartbeatRequest, OffsetFetchRequest
from kafka.protocol.consumer.offsets import ListOffsetsRequest
from kafka.protocol.metadata.find_coordinator import FindCoordinatorRequest
from kafka.protocol.producer.produce import ProduceRequest
from kafka.protocol.producer.transaction import InitProducerIdRequest
from kafka.record.memory_records import MemoryRecordsBuilder

from schemas.brokers import Brokers

REFUSED = {29, 30, 31, 53}
"""Codes of the protocol: not authorised for the topic, the group, the cluster, the transactional id."""
_BUSY = {14, 15, 16}
"""The coordinator loads, or is not known yet: to be asked again."""
_UNKNOWN_MEMBER = 25


class Cell(NamedTuple):
    """Something that a principal tried."""

    kind: str
    name: str
    operation: str


class Tries:
    """One principal's connection."""

    def __init__(self, brokers: Brokers) -> None:
        """Connect; raises what the client raises when the broker does not let it in."""
        self._client = KafkaAdminClient(**brokers.options(), bootstrap_timeout_ms=20_000)

    def begin(self, group: str, transactional_id: str) -> None:
        """Ask for the coordinators of a group and an id, as its owner does first of all: on a new broker their topics are made by that."""
        for kind, name in enumerate((group, transactional_id)):
            self._ask(FindCoordinatorRequest(key=name, key_type=kind, coordinator_keys=[name]))

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def topics(self, names: list[str]) -> Iterator[tuple[Cell, int]]:
        """Read, write, describe, and all that changes a topic; the code of each. What is granted is done: a write leaves a message on partition 0."""
        yield from self._each(names, "read", self._fetched(names))
        yield from self._each(names, "write", self._produced(names))
        yield from self._each(names, "describe", self._listed(names))
        yield from self._each(names, "delete records", self._records_deleted(names))
        yield from self._each(names, "add partitions", self._partitions_added(names))
        yield from self._each(names, "describe configs", self._configs(names))
        yield from self._each(names, "alter configs", self._configs_altered(names))
        yield from self._each(names, "delete", self._deleted(names))
        yield from self._each(["made-by-nobody"], "create", self._created(["made-by-nobody"]))

    def groups(self, names: Iterable[str]) -> Iterator[tuple[Cell, int]]:
        """Read (as a member does) and describe, and delete. A member that nobody knows is told so once it is allowed to be one."""
        for name in names:
            code = self._code(HeartbeatRequest(group_id=name, generation_id=1, member_id="nobody", group_instance_id=None))
            yield Cell("group", name, "read"), 0 if code == _UNKNOWN_MEMBER else code
            yield Cell("group", name, "describe"), self._offsets(name)
            yield Cell("group", name, "delete"), self._codes(DeleteGroupsRequest(groups_names=[name]))[0]

    def transactional_ids(self, names: Iterable[str]) -> Iterator[tuple[Cell, int]]:
        """Begin to be the producer of an id, which fences whoever was it before."""
        for name in names:
            request = InitProducerIdRequest(transactional_id=name, transaction_timeout_ms=10_000, producer_id=-1, producer_epoch=-1, max_version=4)
            yield Cell("transactional_id", name, "write"), self._code(request)

    def cluster(self) -> Iterator[tuple[Cell, int]]:
        """See and change grants and secrets."""
        ours = CreateAclsRequest.AclCreation(resource_type=2, resource_name="*", resource_pattern_type=3, principal="User:nobody", host="*", operation=2,
                                             permission_type=3)  # fmt: skip
        yield Cell("cluster", "acls", "alter"), self._codes(CreateAclsRequest(creations=[ours]))[0]
        every = DescribeAclsRequest(resource_type_filter=1, resource_name_filter=None, pattern_type_filter=1, principal_filter=None, host_filter=None, operation=1,
                                    permission_type=1)  # fmt: skip
        yield Cell("cluster", "acls", "describe"), self._codes(every)[0]
        yield Cell("cluster", "secrets", "describe"), self._codes(DescribeUserScramCredentialsRequest(users=[DescribeUserScramCredentialsRequest.UserName(name="admin")]))[0]

    def _each(self, names: list[str], operation: str, codes: Mapping[str, int]) -> Iterator[tuple[Cell, int]]:
        return ((Cell("topic", name, operation), codes[name]) for name in names)

    def _fetched(self, names: list[str]) -> Mapping[str, int]:
        one = FetchRequest.FetchTopic.FetchPartition(partition=0, current_leader_epoch=-1, fetch_offset=0, last_fetched_epoch=-1, log_start_offset=-1,
                                                     partition_max_bytes=1)  # fmt: skip
        asked = [FetchRequest.FetchTopic(topic=name, partitions=[one]) for name in names]
        answer = self._ask(FetchRequest(replica_id=-1, max_wait_ms=0, min_bytes=0, max_bytes=1, isolation_level=0, session_id=0, session_epoch=-1, topics=asked,
                                        forgotten_topics_data=[], rack_id="", max_version=12))  # fmt: skip
        return {one["topic"]: one["partitions"][0]["error_code"] for one in answer["responses"]}

    def _produced(self, names: list[str]) -> Mapping[str, int]:
        records = MemoryRecordsBuilder(2, 0, 1000)
        records.append(time.time_ns() // 1_000_000, b"tried", b"tried")
        records.close()
        part = ProduceRequest.TopicProduceData.PartitionProduceData(index=0, records=records.buffer())
        data = [ProduceRequest.TopicProduceData(name=name, partition_data=[part]) for name in names]
        answer = self._ask(ProduceRequest(transactional_id=None, acks=-1, timeout_ms=10_000, topic_data=data, max_version=12))
        return {one["name"]: one["partition_responses"][0]["error_code"] for one in answer["responses"]}

    def _listed(self, names: list[str]) -> Mapping[str, int]:
        kind = ListOffsetsRequest.ListOffsetsTopic
        part = kind.ListOffsetsPartition(partition_index=0, current_leader_epoch=-1, timestamp=-1)
        answer = self._ask(ListOffsetsRequest(replica_id=-1, isolation_level=0, topics=[kind(name=name, partitions=[part]) for name in names], max_version=7))
        return {one["name"]: one["partitions"][0]["error_code"] for one in answer["topics"]}

    def _records_deleted(self, names: list[str]) -> Mapping[str, int]:
        kind = DeleteRecordsRequest.DeleteRecordsTopic
        part = kind.DeleteRecordsPartition(partition_index=0, offset=0)
        answer = self._ask(DeleteRecordsRequest(topics=[kind(name=name, partitions=[part]) for name in names], timeout_ms=10_000))
        return {one["name"]: one["partitions"][0]["error_code"] for one in answer["topics"]}

    def _partitions_added(self, names: list[str]) -> Mapping[str, int]:
        topics = [CreatePartitionsRequest.CreatePartitionsTopic(name=name, count=99, assignments=None) for name in names]
        answer = self._ask(CreatePartitionsRequest(topics=topics, timeout_ms=10_000, validate_only=False))
        return {one["name"]: one["error_code"] for one in answer["results"]}

    def _configs(self, names: list[str]) -> Mapping[str, int]:
        kind = DescribeConfigsRequest.DescribeConfigsResource
        asked = [kind(resource_type=2, resource_name=name, configuration_keys=None) for name in names]
        answer = self._ask(DescribeConfigsRequest(resources=asked, include_synonyms=False, include_documentation=False))
        return {one["resource_name"]: one["error_code"] for one in answer["results"]}

    def _configs_altered(self, names: list[str]) -> Mapping[str, int]:
        kind = IncrementalAlterConfigsRequest.AlterConfigsResource
        change = kind.AlterableConfig(name="retention.ms", config_operation=0, value="1")
        asked = [kind(resource_type=2, resource_name=name, configs=[change]) for name in names]
        answer = self._ask(IncrementalAlterConfigsRequest(resources=asked, validate_only=False))
        return {one["resource_name"]: one["error_code"] for one in answer["responses"]}

    def _deleted(self, names: list[str]) -> Mapping[str, int]:
        answer = self._ask(DeleteTopicsRequest(topic_names=names, timeout_ms=10_000, max_version=5))
        return {one["name"]: one["error_code"] for one in answer["responses"]}

    def _created(self, names: list[str]) -> Mapping[str, int]:
        topics = [CreateTopicsRequest.CreatableTopic(name=name, num_partitions=1, replication_factor=1, assignments=[], configs=[]) for name in names]
        answer = self._ask(CreateTopicsRequest(topics=topics, timeout_ms=10_000, validate_only=False))
        return {one["name"]: one["error_code"] for one in answer["topics"]}

    def _offsets(self, group: str) -> int:
        return self._code(OffsetFetchRequest(group_id=group, topics=[], max_version=7))

    def _code(self, request: Any) -> int:
        for _ in range(100):
            code = int(self._ask(request)["error_code"])
            if code not in _BUSY:
                break
            time.sleep(0.1)
        return code

    def _codes(self, request: Any) -> list[int]:
        """Every code in an answer, wherever it stands."""
        return list(_found(self._ask(request)))

    def _ask(self, request: Any) -> Any:
        manager = self._client._manager
        return manager.run(manager.send, request).to_dict()


def _found(answer: Any) -> Iterator[int]:
    """The codes in an answer; those deeper in it come first, for the outer one may say only that the whole was answered."""
    if isinstance(answer, dict):
        for value in answer.values():
            yield from _found(value)
        if "error_code" in answer:
            yield int(answer["error_code"])
    elif isinstance(answer, list):
        for value in answer:
            yield from _found(value)


def tried(brokers: Brokers, topics: list[str], groups: Iterable[str], transactional_ids: Iterable[str]) -> dict[Cell, int]:
    """Everything that one principal can try, and the code of each answer."""
    with closing(Tries(brokers)) as tries:
        return dict([*tries.groups(groups), *tries.transactional_ids(transactional_ids), *tries.cluster(), *tries.topics(topics)])
