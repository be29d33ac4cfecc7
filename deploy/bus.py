"""Everything that commands need, put together from the settings: the one place where the parts meet."""

from __future__ import annotations

from functools import cached_property

from connectors import registry as files
from connectors.publish import Publisher
from connectors.reader import Reader
from deploy.local import stack
from schemas.agency import Agency
from schemas.codec import Codec
from schemas.registry import Registry
from schemas.settings import Settings
from schemas.source import Source
from schemas.topics import MODELS, Topic, contract
from streams import path
from streams.policy import Policy
from streams.policy import load as policy
from streams.stage import Stage


class Bus:
    """The bus of some settings; each part is made when it is first asked for."""

    def __init__(self, settings: Settings | None = None) -> None:
        """Take settings, or those of the environment."""
        self.settings = settings or Settings()

    @cached_property
    def endpoints(self) -> stack.Endpoints:
        """Where broker and registry are."""
        return stack.endpoints(self.settings)

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
        """Windows and thresholds."""
        return policy(self.settings.policy)

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """All stages of the path, in order."""
        return path.build(self.sources, list(self.agencies.values()), self.policy, self.settings.keys)

    @cached_property
    def topics(self) -> dict[str, Topic]:
        """Every topic of the contract, by name."""
        inputs = {stage.name: stage.inputs for stage in self.stages}
        return contract(self.sources, self.agencies, inputs, self.settings.partitions)

    @cached_property
    def registry(self) -> Registry:
        """The schema registry."""
        return Registry(self.endpoints.registry)

    @cached_property
    def codec(self) -> Codec:
        """Values to bytes and back."""
        return Codec(self.registry, MODELS, self.settings.namespace)

    def publisher(self) -> Publisher:
        """A new publisher."""
        return Publisher(self.endpoints.brokers, self.codec, self.settings.namespace)

    def reader(self) -> Reader:
        """A new reader."""
        return Reader(self.endpoints.brokers, self.codec, self.settings.namespace)
