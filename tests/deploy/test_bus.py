"""What puts the parts together, and what it says when one is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.registry import BadFile
from deploy.bus import Bus
from deploy.docs.shipped import ROOT
from deploy.local.stack import NotRunning
from schemas.settings import BadSecret, Settings


def test_named_endpoints(tmp_path: Path) -> None:
    """Broker and registry that are named are used, and no local stack is asked for."""
    found = Bus(Settings(home=tmp_path, brokers="b.test:1", registry="http://r.test")).endpoints
    assert (found.brokers, found.registry) == ("b.test:1", "http://r.test")


@pytest.mark.parametrize(("given", "missing"), [({"brokers": "b.test:1"}, "LIANFANG_REGISTRY"), ({"registry": "http://r.test"}, "LIANFANG_BROKERS")])
def test_one_endpoint_is_not_enough(given: dict[str, str], missing: str, tmp_path: Path) -> None:
    """One of the two alone is refused, with the name of the other: values under the ids of a local registry could be read nowhere else."""
    with pytest.raises(NotRunning, match=f"^{missing} is not set.*set both, or neither"):
        _ = Bus(Settings(home=tmp_path, brokers=given.get("brokers", ""), registry=given.get("registry", ""))).endpoints


def test_no_stack(tmp_path: Path) -> None:
    """Without a stack the message says how to start one, and how to name another."""
    with pytest.raises(NotRunning, match=r"lianfang up.*LIANFANG_BROKERS and LIANFANG_REGISTRY"):
        _ = Bus(Settings(home=tmp_path)).endpoints


def test_no_secret(tmp_path: Path) -> None:
    """The stages need the secret, and say how to get one."""
    with pytest.raises(BadSecret, match="lianfang up"):
        _ = Bus(Settings(home=tmp_path)).stages


def test_policy_that_is_wrong(tmp_path: Path) -> None:
    """A policy file with an entry that has no source is refused, with its path and the entry."""
    policy = tmp_path / "policy.yaml"
    policy.write_text("depth: {value: 1}\n")
    with pytest.raises(BadFile, match=r"policy\.yaml: .*depth"):
        _ = Bus(Settings(home=tmp_path, policy=policy)).policy


def test_further_sources_and_other_agencies(tmp_path: Path) -> None:
    """A source file in the folder that the settings name gets its topic; agencies of a folder stand instead of those shipped."""
    (tmp_path / "secret").write_bytes(bytes(32))
    shipped = Bus(Settings(home=tmp_path))
    text = (ROOT / "connectors" / "sources" / "travel.yaml").read_text("utf-8")
    for folder in ("sources", "agencies"):
        (tmp_path / folder).mkdir()
    (tmp_path / "sources" / "ferry.yaml").write_text(text.replace("name: travel", "name: ferry", 1), "utf-8")
    agency = next(iter(shipped.agencies))
    (tmp_path / "agencies" / f"{agency}.yaml").write_text((ROOT / "connectors" / "agencies" / f"{agency}.yaml").read_text("utf-8"), "utf-8")
    bus = Bus(Settings(home=tmp_path, sources=tmp_path / "sources", agencies=tmp_path / "agencies"))
    assert set(bus.topics) - set(shipped.topics) == {"raw.ferry"}
    assert {name for name in bus.topics if name.startswith("deliver.")} == {f"deliver.{agency}"}
