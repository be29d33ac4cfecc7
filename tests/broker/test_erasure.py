"""A person erased by two people on the real broker: nothing stands, nobody can open anything, and everybody else is as before."""

from __future__ import annotations

from schemas.models.case import LinkedCase
from schemas.models.identity import Link
from schemas.models.raw import Raw
from schemas.models.release import Release
from schemas.raws import ERASED
from tests.broker.live import Live
from tests.broker.people import positive, scan
from tests.broker.test_commands import command
from tests.broker.test_sealed import NAME, PHONE, opened
from tests.oracle.releases import called

WHY = ("--reason", "request")


def test_two_people_erase_one(live: Live) -> None:
    """The case, its releases, contacts and records are taken back, the vault and all topics give no name any more, and the counts add up.

    Before, the same look at seals and bodies finds the name. The case of another person stays as it was; a record that comes later of the erased one counts.
    """
    live.commands.worker()
    live.publish("scan-code", [scan(1, 1, phone=PHONE, name=NAME), scan(2, 2)])
    live.publish("lab-result", [positive(1, 1, phone=PHONE, name=NAME), positive(2, 2)])
    live.settle()
    assert opened(live, NAME) > 3
    cases = [one for one in live.standing("case.linked").values() if isinstance(one, LinkedCase)]
    (erased,) = [one for one in cases if any(live.bus.settings.keys.open(seal.alias, seal.data).get("name") == NAME for seal in one.sealed)]
    others = {one.person for one in cases if one.person != erased.person and "case" in one.roles}
    assert others
    proposal = command(live, "erase", "propose", erased.person, *WHY, "--by", "OP-1")
    assert opened(live, NAME) > 3
    told = command(live, "erase", "approve", proposal["proposal"], "--by", "OP-2")
    assert told["destroyed"] >= 1
    assert told["stages_rested"]
    rows = live.settle()
    assert not [problem for row in rows for problem in row.problems]
    assert opened(live, NAME) == 0
    left = [one for one in live.standing("case.linked").values() if isinstance(one, LinkedCase)]
    assert erased.person not in {one.person for one in left}
    assert others <= {one.person for one in left}
    assert not [one for one in live.standing("identity.link").values() if isinstance(one, Link) and one.person == erased.person]
    for agency in live.bus.agencies.values():
        codes = {called(agency, purpose, erased.person, live.bus.settings.keys) for purpose in agency.purposes}
        assert not [one for one in live.standing(f"deliver.{agency.name}").values() if isinstance(one, Release) and one.person in codes]
    bodies = [entry.value for name in ("scan-code", "lab-result") for entry in live.entries(f"raw.{name}") if isinstance(entry.value, Raw)]
    assert sorted(raw.fault == ERASED for raw in bodies) == [False, False, True, True]
    live.publish("scan-code", [scan(3, 1, phone=PHONE, name=NAME)])
    live.settle()
    assert opened(live, NAME) > 0
    assert [one["approved_by"] for one in command(live, "erase", "list")] == ["OP-2"]
