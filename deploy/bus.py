"""Everything that commands need, put together from the settings: the one place where the parts meet."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from functools import cached_property

import click
from pydantic import BaseModel

from connectors import registry as files
from connectors.publish import Publisher
from connectors.reader import Reader
from deploy.access.roles import OPERATOR
from deploy.local import stack
from deploy.staff.register import load
from deploy.stands import F, stands
from schemas.agency import Agency
from schemas.brokers import Brokers
from schemas.codec import Codec
from schemas.models.raw import Raw
from schemas.raws import Raws
from schemas.registry import Registry
from schemas.settings import Settings
from schemas.signing import Signatures
from schemas.source import Source
from schemas.topics import MODELS, Topic, contract
from streams.normalise.whose import persons
from streams.policy import Policy
from streams.policy import load as policy
from streams.stage import Stage


class Bus:
    """The bus of some settings; each part is made when it is first asked for."""

    def __init__(self, settings: Settings | None = None, acts: str = OPERATOR) -> None:
        """Take settings, or those of the environment, and the role as which its parts connect to the brokers (deploy.access.roles)."""
        self.settings, self._acts = stack.secured(settings or Settings()), acts
        self._others: list[Bus] = []
        context = click.get_current_context(silent=True)
        if context:  # of a command: its end is the end of this bus
            context.call_on_close(self.close)

    @cached_property
    def endpoints(self) -> stack.Endpoints:
        """Where broker and registry are; raises NotRunning when there are none, and when only one of the two is named.

        A broker elsewhere with the registry of this machine would hold values that nobody else can read.
        """
        named = {"LIANFANG_BROKERS": self.settings.brokers, "LIANFANG_REGISTRY": self.settings.registry}
        missing = [name for name, value in named.items() if not value]
        if len(missing) == 1:
            raise stack.NotRunning(f"{missing[0]} is not set, and the other of {' and '.join(named)} is: set both, or neither for the local stack")
        return stack.endpoints(self.settings)

    @cached_property
    def brokers(self) -> Brokers:
        """The brokers, as the role of this bus; raises BadSecret when this machine may not be it."""
        return self.brokers_as(self._acts)

    def acting(self, role: str) -> Bus:
        """The same bus, whose parts connect in another role; it ends with this one."""
        self._others.append(Bus(self.settings, role))
        return self._others[-1]

    def brokers_as(self, role: str) -> Brokers:
        """The brokers, as another role."""
        return Brokers(self.endpoints.brokers, self.settings.login(role))

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Sources by name."""
        return files.sources(self.settings.sources)

    @cached_property
    def agencies(self) -> dict[str, Agency]:
        """Agencies by name."""
        return files.agencies(self.settings.agencies)

    @cached_property
    def policy(self) -> Policy:
        """Windows and thresholds; raises BadFile naming the entry that is wrong."""
        try:
            return policy(self.settings.policy)
        except ValueError as error:
            raise files.BadFile(f"{self.settings.policy}: {error}") from error

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """All stages of the path, in order."""
        from streams import path  # half a second of a command, and most ask for no stage

        return path.build(self.sources, list(self.agencies.values()), self.policy, self.settings.keys, signatures=self.signatures)

    @cached_property
    def signatures(self) -> Signatures:
        """The register of staff against which signatures are held, if there is one; raises BadRegister."""
        return Signatures(load(self.settings.staff) if self.settings.staff else None, self.settings.namespace)

    @cached_property
    def topics(self) -> dict[str, Topic]:
        """Every topic of the contract, by name."""
        inputs = {stage.name: stage.inputs for stage in self.stages}
        return contract(self.sources, self.agencies, inputs, self.settings.partitions, self.settings.replication)

    @cached_property
    def registry(self) -> Registry:
        """The schema registry."""
        return Registry(self.endpoints.registry, authorities=self.settings.authorities, login=self.settings.registry_login)

    @cached_property
    def codec(self) -> Codec:
        """Values to bytes and back."""
        keys = self.settings.keys
        return Codec(self.registry, MODELS, self.settings.subject_prefix, guards={Raw: Raws(keys, persons(self.sources, keys))})

    def close(self) -> None:
        """Let go of the registry's connection, if there is one; publishers and readers are their users' to close."""
        if "registry" in self.__dict__:
            self.registry.close()
        for other in self._others:
            other.close()

    def publisher(self, patience: float = 60.0) -> Publisher:
        """A new publisher; `patience` in seconds is how long a record may wait for its acknowledgement."""
        return Publisher(self.brokers, self.codec, self.settings.namespace, patience)

    def write(self, topic: str, pairs: Iterable[tuple[str, BaseModel]]) -> None:
        """Write values under their keys, and return when the broker has them all; raises CannotPublish."""
        with closing(self.publisher()) as publisher:
            for key, value in pairs:
                publisher.send(topic, key, value)
            publisher.settle()

    def reader(self) -> Reader:
        """A new reader."""
        return Reader(self.brokers, self.codec, self.settings.namespace)

    def stands(self, topic: str, model: type[F]) -> list[F]:
        """The facts of a model that stand on a topic, read to its end by a reader of its own; raises CannotRead."""
        with closing(self.reader()) as reader:
            return stands(reader, topic, model)
