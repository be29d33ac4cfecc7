"""Drills without a broker: their settings, their clock, when steps happen, where releases go, and what is reported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.deliver import NotDeliverable
from connectors.registry import agencies
from deploy.bus import Bus
from deploy.cli.scenario import SHIPPED
from deploy.drill.course import moments
from deploy.drill.end import NotADrill, end
from deploy.drill.report import Reaction, reactions
from deploy.drill.run import DrillWorld, drilled
from deploy.drill.state import Drill, NoDrill
from deploy.drill.webhook import rehearsing
from deploy.levels import TOPIC as LEVELS
from deploy.moment import present
from deploy.scenarios.play import levels, moment
from deploy.scenarios.story import read
from schemas.agency import Webhook
from schemas.brokers import ADMIN
from schemas.models.case import What
from schemas.models.record import Work
from schemas.models.task import Owner, Progress, Task
from schemas.settings import Settings

HOUR = 3_600_000


def test_a_drill_has_topics_keys_and_folder_of_its_own(tmp_path: Path) -> None:
    """Nothing that is named for the real bus is used, whatever it is; the local stack is."""
    secret = tmp_path / "elsewhere"
    real = Settings(home=tmp_path, namespace="yn.", secret_file=secret, vault_file=secret, vault_key=secret, principals=secret, log_key=secret, principal="me")
    drill = drilled(real, "autumn")
    assert (drill.namespace, drill.home, drill.stack) == ("yn.drill.autumn.", tmp_path / "drills" / "autumn", tmp_path)
    assert [getattr(drill, name) for name in ("secret_file", "vault_file", "vault_key", "principals", "log_key", "principal")] == [None] * 5 + [""]
    assert Settings(**drill.model_dump(exclude_none=True)) == drill
    assert drill.model_copy(update={"partitions": 1}).namespace == drill.namespace
    assert real.stack == tmp_path


def test_principals_of_a_drill_are_its_own_but_the_administrator(tmp_path: Path) -> None:
    """The administrator of the broker makes the drill's topics; every other principal has the drill's name."""
    drill = drilled(Settings(home=tmp_path, protocol="SASL_SSL"), "autumn")
    for folder, name in ((tmp_path, ADMIN), (tmp_path / "drills" / "autumn", "drill.autumn.clock")):
        (folder / "principals").mkdir(parents=True)
        (folder / "principals" / f"{name}.secret").write_text("s")
        (folder / "principals" / f"{name}.secret").chmod(0o600)
    found = [drill.login(role) for role in (ADMIN, "clock")]
    assert [one.principal for one in found if one] == [ADMIN, "drill.autumn.clock"]


@pytest.mark.parametrize("name", ["../x", "A", "-a", "a.b", "a" * 32])
def test_what_is_no_name(name: str, tmp_path: Path) -> None:
    """A name that would be another folder or topic is refused."""
    with pytest.raises(ValidationError):
        drilled(Settings(home=tmp_path), name)


def test_its_clock(tmp_path: Path) -> None:
    """An hour of the story in a minute, by what stands in its file; without a file it is said what to do."""
    drill = Drill(name="autumn", story="s", began=1_000_000, starts=50 * HOUR, speed=60)
    assert [drill.now(1_000_000 + 60_000 * minutes) for minutes in (0, 1, 90)] == [50 * HOUR, 51 * HOUR, 140 * HOUR]
    assert drill.seconds(HOUR) == 60
    settings = drilled(Settings(home=tmp_path), "autumn")
    with pytest.raises(NoDrill, match="there is no drill autumn"):
        present(settings)
    settings.home.mkdir(parents=True)
    drill.model_copy(update={"began": 0, "speed": 1e-9}).write(settings.home)
    assert 50 * HOUR <= present(settings) < 51 * HOUR
    (settings.home / "drill.json").write_text("{}")
    with pytest.raises(NoDrill, match="5 fields are wrong"):
        present(settings)


def test_steps_happen_when_their_records_do(tmp_path: Path) -> None:
    """At the latest event time of the records, or the clock of the step, and never before the step before."""
    (tmp_path / "secret").write_bytes(bytes(32))
    bus = Bus(Settings(home=tmp_path))
    story = read(SHIPPED / "row_06_returnee.yaml")
    found = moments(story, bus)
    assert found == sorted(found)
    assert len(found) == len(story.steps)
    assert all(at >= moment(step.clock) for step, at in zip(story.steps, found, strict=True) if step.clock)
    assert moment("2020-01-18 00:00") <= found[0] <= moment("2020-01-25 00:00")


def test_releases_of_a_drill_go_elsewhere() -> None:
    """Address and secret are those of the drill's variables; an address that is written out is refused."""
    agency = next(one for one in agencies(None).values() if isinstance(one.deliver, Webhook))
    assert isinstance(agency.deliver, Webhook)
    changed = rehearsing(agency).deliver
    assert isinstance(changed, Webhook)
    assert (changed.url, changed.token_file) == ("${DRILL_DAGUAN_CDC_URL}", "${DRILL_DAGUAN_CDC_TOKEN_FILE}")
    fixed = agency.model_copy(update={"deliver": agency.deliver.model_copy(update={"url": "https://cdc.example/releases"})})
    with pytest.raises(NotDeliverable, match="its file writes the address out"):
        rehearsing(fixed)
    other = next(one for one in agencies(None).values() if not isinstance(one.deliver, Webhook))
    assert rehearsing(other) == other


@pytest.mark.parametrize("changes", [{}, {"drill": "autumn"}])
def test_only_a_drill_is_taken_away(changes: dict[str, Any], tmp_path: Path) -> None:
    """A bus without a drill, and one whose topics are not the drill's, keep everything."""
    settings = Settings(home=tmp_path, brokers="b.test:1", registry="http://r.test", **changes)
    with pytest.raises(NotADrill):
        end(Bus(settings.model_copy(update={"namespace": "yn."})))
    assert tmp_path.exists()


def _task(number: int, state: Progress, took: int) -> Task:
    return Task.of(causes=[], at=took * HOUR, region=None, task=f"{number:032x}", person="p", work=Work.VISIT, reason=What.RETURNED, owned_by=Owner.GRID_WORKER,
                   owner="GW-1", responsible="GW-1", opened=0, due=12 * HOUR, state=state)  # fmt: skip


def test_what_people_did() -> None:
    """In time, late, overdue and open are counted apart, and the time taken is that of what is done."""
    ended = [_task(number, Progress.DONE, took) for number, took in enumerate((2, 4, 20))]
    rest = [_task(3, Progress.OVERDUE, 12), _task(4, Progress.OPEN, 0), _task(5, Progress.NOT_APPLICABLE, 1)]
    assert reactions([*ended, *rest]) == [Reaction("grid_worker", "GW-1", "visit", 5, 2, 1, 1, 1, 4 * HOUR)]
    assert reactions(rest[1:2])[0].took is None


def test_on_secured_brokers_people_declare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a stage may write what is in force there: the drill says what two people have to declare, and writes nothing."""
    monkeypatch.setattr(Bus, "reader", lambda _: None)
    said: list[str] = []
    (tmp_path / "secret").write_bytes(bytes(32))
    bus = Bus(Settings(home=tmp_path, brokers="b.test:1", registry="http://r.test", protocol="SASL_SSL"))
    DrillWorld(bus, tmp_path, said.append).declare(LEVELS, levels(["53 emergency from 2020-01-01 00:00 to 2020-03-01 00:00"], bus.policy))
    assert said == ["for two people of the drill, with `lianfang levels`: declare 53 emergency"]
