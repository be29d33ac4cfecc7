"""Which facts about no person an agency is told, and what of them: by the subscriptions of its file, and nothing that those do not name."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from schemas.agency import Agency, Purpose
from schemas.forms import Form
from schemas.models.bulletin import Bulletin
from schemas.models.notice import PublicNotice
from schemas.models.release import Coarse, Release, View
from schemas.models.signal import Signal
from schemas.models.statistic import Statistic
from schemas.models.supply import Dispatch, Supply
from schemas.subscription import Subscription
from schemas.tokens import Keys
from streams.routing.coarse import moment
from streams.routing.codes import fact_code

_DAY = 86_400_000

News = PublicNotice | Signal | Statistic | Supply | Dispatch
"""A fact about no person that agencies can be told."""
MODELS: dict[str, type[News]] = {"notice.public": PublicNotice, "signal": Signal, "statistic": Statistic, "supply": Supply, "dispatch": Dispatch}
"""By topic."""


def about(fact: News) -> str:
    """What a fact is about, beginning with its topic and a space: a later fact about the same replaces it."""
    match fact:
        case PublicNotice():
            return f"notice.public {fact.notice}"
        case Supply():
            return f"supply {fact.place} {fact.item}"
        case Dispatch():
            return f"dispatch {fact.number} {fact.item}"
        case Signal():
            return f"signal {fact.region} {fact.measure} {fact.value} {fact.day}"
        case Statistic():
            return f"statistic {fact.region} {fact.measure} {fact.value} {fact.day}"


def group(about: str) -> str:
    """What is decided together: of counts all of a region and measure, whose small ones would follow from the others; of all else each by itself."""
    return " ".join(about.split(" ")[:3]) if about.startswith("statistic ") else about


def left_out(counts: Mapping[str, int], smallest: int) -> set[str]:
    """Which counts of one region and measure are not told.

    Those under the smallest; and then the smallest of the others, until what is left out is not one count alone and no small number in all. It is what
    `lianfang statistics` leaves out of a table of this one region (`deploy/suppress.py`).
    """
    gone = {name for name, count in counts.items() if count < smallest}
    rest = sorted((count, name) for name, count in counts.items() if name not in gone)
    while gone and rest and (len(gone) == 1 or sum(counts[name] for name in gone) < smallest):
        gone.add(rest.pop(0)[1])
    return gone


def concerns(agency: Agency, asked: Subscription, fact: News) -> bool:
    """Whether a fact lies where the subscription says; of a facility without regions whether it is of the facility."""
    if not asked.regions and agency.facility:
        return agency.facility in {getattr(fact, "place", None), getattr(fact, "to", None)}
    codes, region = asked.regions or [agency.region or ""], getattr(fact, "region", None)
    if not region:
        return False
    if isinstance(fact, Statistic) and asked.coarse:
        return region in codes
    return any(region.startswith(code) or (isinstance(fact, PublicNotice) and code.startswith(region)) for code in codes)


def bulletins(agency: Agency, fact: News, hidden: Collection[str], smallest: int, keys: Keys) -> list[Release]:
    """What an agency is told of a fact, once for each purpose; `hidden` are the counts that are not told but to who needs them as they are."""
    if agency.retired:
        return []
    topic, name = about(fact).partition(" ")[0], about(fact)
    wanted = [one for one in agency.subscribes if one.topic == topic and concerns(agency, one, fact)]
    purposes = {one.name: one for one in agency.purposes}
    return [_told(agency, purposes[one.purpose], one, fact, smallest, keys) for one in wanted if not one.coarse or not _hides(fact, name, hidden, smallest)]


def _hides(fact: News, name: str, hidden: Collection[str], smallest: int) -> bool:
    return fact.observed < smallest if isinstance(fact, Signal) else name in hidden


def _told(agency: Agency, purpose: Purpose, asked: Subscription, fact: News, smallest: int, keys: Keys) -> Release:
    """The release. One of a count that is not told as it is does not change when the count does, but for a new day or a further multiple of the smallest."""
    at = moment(fact.at, [Form.DAY]) if asked.coarse else fact.at
    last = max(at, fact.until) if isinstance(fact, PublicNotice) else at
    ends = [last + purpose.expires_days * _DAY, *([asked.ends] if asked.ends is not None else [])]
    code = fact_code(agency.name, about(fact), keys)
    return Release.of(
        causes=[code if asked.coarse else fact_code(agency.name, fact.id, keys)], at=at, agency=agency.name, person=code, roles=[], purpose=purpose.name,
        legal_basis=purpose.legal_basis, why=[], expires=min(ends), view=View(), forms=[Coarse(field="at", form=Form.DAY)] if asked.coarse else [],
        bulletin=_fields(asked, fact, smallest),
    )  # fmt: skip


def _fields(asked: Subscription, fact: News, smallest: int) -> Bulletin:
    said = {field: getattr(fact, field) for field in asked.asked}
    if asked.coarse and "count" in said:
        said["count"] = said["count"] // smallest * smallest
    return Bulletin(topic=asked.topic, **said)


def subscribed(agencies: Collection[Agency], region: str) -> bool:
    """Whether somebody is told counts of a division, and not as they are: then all counts of it and a measure are decided together."""
    return any(one.topic == "statistic" and one.coarse and region in (one.regions or [agency.region or ""]) for agency in agencies for one in agency.subscribes)


def told(bulletin: Bulletin) -> list[str]:
    """Names of the fields that a bulletin carries, sorted."""
    return sorted(name for name, value in bulletin if value is not None and name != "topic")
