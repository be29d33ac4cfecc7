"""Agency files of every shape: any region or facility, any purposes, wants and fields; whether such a file would be approved does not matter here."""

from __future__ import annotations

from hypothesis import strategies as st

from schemas.agency import Agency, Joint, Purpose, Topic, Want
from schemas.forms import ALWAYS, DIMENSIONS, OF_FIELD
from schemas.models.bulletin import COUNTS, OFFERS
from schemas.models.case import Role, Status, Why
from schemas.models.release import View
from schemas.subscription import Subscription

NAMES = ("first", "second", "third", "fourth")
_AREAS = ("53", "53", "53", "5306", "5306", "530624", "530624", "530624100001", "530624103000", "530602", "533102", "42")
_FACILITIES = ("HOSP-530624-01", "CLIN-1", "PORT-RUILI", "MKT-1")
_JOINT = Joint(name="chain", legal_basis="An invented law, art. 20")
_PURPOSES = ("investigation", "care", "surveillance")

_purposes = st.lists(st.sampled_from(_PURPOSES), min_size=1, max_size=2, unique=True).flatmap(
    lambda names: st.tuples(*(st.builds(Purpose, name=st.just(name), legal_basis=st.sampled_from(("An invented law, art. 1", "An invented law, art. 2")),
                                        joint=st.sampled_from((None, None, _JOINT)), expires_days=st.sampled_from((1, 1, 2, 5, 30, 365))) for name in names))
)  # fmt: skip


def _wants(purposes: tuple[Purpose, ...]) -> st.SearchStrategy[list[Want]]:
    one = st.builds(
        Want, role=st.sampled_from((Role.CASE, Role.CASE, Role.CONTACT, Role.RETURNEE)), purpose=st.sampled_from([purpose.name for purpose in purposes]),
        why=st.one_of(st.just(list(Why)), st.lists(st.sampled_from(list(Why)), min_size=1, max_size=2, unique=True)),
        statuses=st.one_of(st.none(), st.none(), st.lists(st.sampled_from(list(Status)), min_size=1, max_size=4, unique=True)),
        fields=st.lists(st.sampled_from(list(View.model_fields)), min_size=1, max_size=9, unique=True),
    )  # fmt: skip
    return st.lists(st.builds(_coarse, one, st.integers(0, 9)), min_size=1, max_size=4)


def _coarse(want: Want, number: int) -> Want:
    """The want with a form for some of its fields, chosen by a number; every second one as it is."""
    fields = [field for place, field in enumerate(sorted({*want.fields, *ALWAYS} & OF_FIELD.keys())) if number % 2 and (place + number) % 3]
    forms = {field: [DIMENSIONS[name][number % len(DIMENSIONS[name])] for name in OF_FIELD[field]] for field in fields}
    return Want.model_validate(want.model_dump() | {"forms": forms})


def _subscriptions(purposes: tuple[Purpose, ...]) -> st.SearchStrategy[list[Subscription]]:
    one = st.builds(
        _subscription, st.sampled_from(sorted(OFFERS)), st.sampled_from([purpose.name for purpose in purposes]), st.sampled_from(((), ("53",), ("530624", "530602"))),
        st.integers(0, 7),
    )  # fmt: skip
    return st.lists(one, max_size=3, unique_by=lambda one: (one.topic, one.purpose))


def _subscription(topic: str, purpose: str, regions: tuple[str, ...], number: int) -> Subscription:
    fields = [] if number % 2 else [field for field in OFFERS[topic].fields if field != "observed"][number // 2 :]
    small = "An invented reason." if topic in COUNTS and number > 4 else None
    return Subscription(topic=topic, purpose=purpose, regions=list(regions), fields=fields, small_counts=small)


def _agency(name: str) -> st.SearchStrategy[Agency]:
    where = st.one_of(st.tuples(st.sampled_from(_AREAS), st.none()), st.tuples(st.sampled_from(_AREAS), st.none()), st.tuples(st.none(), st.sampled_from(_FACILITIES)))

    def build(place: tuple[str | None, str | None], purposes: tuple[Purpose, ...], wants: list[Want], subscribes: list[Subscription],
              retired: int) -> Agency:
        return Agency(name=name, says="An invented agency.", says_zh="虚构机构。", kind="partner", region=place[0], facility=place[1], purposes=list(purposes),
                      wants=wants, subscribes=subscribes, retired=retired == 0, deliver=Topic(kind="topic"))  # fmt: skip

    return _purposes.flatmap(lambda purposes: st.builds(build, where, st.just(purposes), _wants(purposes), _subscriptions(purposes), st.integers(0, 5)))


files = st.tuples(*(_agency(name) for name in NAMES)).flatmap(lambda every: st.integers(1, len(NAMES)).map(lambda count: list(every[:count])))
"""The files of some agencies, the first of them always; an agency that is in one list and not in the next has lost its file."""
