"""What is wrong with an agency, or doubtful, beyond the form of its file. Pure: the same agency gives the same findings."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

from deploy.agencies.bulletins import nested, problems
from deploy.agencies.forms import kind, too_fine
from deploy.agencies.rules import Finding, Severity
from schemas.agency import Agency, Purpose, Want, Webhook, sharing
from schemas.models.case import Role, Why
from schemas.privacy import Privacy, of_class
from streams.normalise.errors import Unusable
from streams.normalise.regions import region

_ARTICLE = re.compile(r"\bart(?:\.|icles?)\s*\d|第\s*[\d一二三四五六七八九十百]+\s*条")
_PROVINCE, _PREFECTURE = 2, 4
_LONG_DAYS = 180
_MANY_QUASI = 3
_OF_CASES = {"status", "since", "classification", "onset"}
_NOT_OF = {Role.RETURNEE: {"contacts", "onset", "since"}}
"""Fields that a person in a role alone never has, and gets only by a role that the purpose does not name."""
_BEYOND = {"hospital": {"contacts", "contact_of", "grid_worker"}, "border-port": {"contacts", "contact_of", "grid_worker", "community"},
           "community": {"documents", "timeline", "contacts", "contact_of"}}  # fmt: skip
_NEEDED = (Privacy.IDENTIFYING, Privacy.SENSITIVE)


def findings(agency: Agency) -> list[Finding]:
    """Everything against a rule, refusals first and then in the order of the file."""
    wants = (_want(agency, want) for want in agency.wants)
    every = itertools.chain(_whole(agency), _purposes(agency), *wants, problems(agency), nested(agency))
    found = [Finding(agency.name, *each) for each in every]
    return sorted(found, key=lambda one: one.severity is not Severity.REFUSED)


def alone(agencies: Iterable[Agency]) -> list[Finding]:
    """The joint purposes that one agency alone names: nothing comes of them until another agency names them too."""
    return [Finding(members[0][0], "joint-alone", members[0][1], f"no other agency names the joint purpose {name}")
            for name, members in sharing(agencies).items() if len({agency for agency, _ in members}) == 1]  # fmt: skip


_Found = Iterator[tuple[str, str, str]]


def _whole(agency: Agency) -> _Found:
    if agency.region and (problem := _division(agency.region)):
        yield "division", "region", problem
    if agency.facility and agency.region:
        yield "facility-region", "region", f"{agency.region} changes nothing beside the facility {agency.facility}: leave one of them out"
    if isinstance(agency.deliver, Webhook):
        if agency.deliver.url.startswith("http:"):
            yield "delivery", "deliver.url", "begins with http: what is sent can be read on its way"
        if agency.deliver.token_file is None:
            yield "delivery", "deliver.token_file", "is not set: the receiver cannot tell our deliveries from others'"


def _division(code: str) -> str | None:
    try:
        shortest = region(code)
    except Unusable as error:
        return f"{code}: {error}"
    return f"{code} is the same as {shortest}: write it so, or nothing lies in it" if shortest != code else None


def _purposes(agency: Agency) -> _Found:
    names = [purpose.name for purpose in agency.purposes]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield "twice", name, "stands twice: wants would be counted for both"
    for purpose in agency.purposes:
        wants = [want for want in agency.wants if want.purpose == purpose.name]
        yield from _purpose(purpose, wants, subscribed=any(one.purpose == purpose.name for one in agency.subscribes))
    for one, other in itertools.combinations(dict.fromkeys(names), 2):
        yield from _compared(one, _asked(agency, one), other, _asked(agency, other))


def _purpose(purpose: Purpose, wants: list[Want], *, subscribed: bool) -> _Found:
    if not _ARTICLE.search(purpose.legal_basis):
        yield "legal-basis", purpose.name, "names no article: write the law and the article that allows it, such as `…, art. 39` or `…第三十九条`"
    if purpose.joint and not _ARTICLE.search(purpose.joint.legal_basis):
        yield "joint-basis", purpose.name, f"the joint purpose {purpose.joint.name} names no article under which copies are put together"
    if not wants and not subscribed:
        yield "unused", purpose.name, "nothing is asked for under it"
    opened = sorted({field for want in wants for field in of_class(want.fields, Privacy.IDENTIFYING)})
    if opened and purpose.expires_days > _LONG_DAYS:
        yield "long", purpose.name, f"copies with {', '.join(opened)} stay {purpose.expires_days} days"
    yield from _around(purpose, wants)


def _forms(agency: Agency, want: Want, where: str) -> _Found:
    """Fields in a finer form than a purpose like this may have without a reason."""
    purpose = next(one for one in agency.purposes if one.name == want.purpose)
    strange = dict(too_fine(agency, purpose, want))
    for field, forms in strange.items():
        if field not in want.finer:
            says = f"{field} is finer than {', '.join(forms)}, and the purpose is one that {kind(agency, purpose)}"
            yield "finer", where, f"{says}: state forms.{field}, or say under finer.{field} why"
    for field in sorted(want.finer.keys() - strange.keys()):
        yield "unused", where, f"finer.{field} is of no field that is finer than the purpose may have by itself"


def _around(purpose: Purpose, wants: list[Want]) -> _Found:
    """A person who is a contact and a case as well gets fields of the case by the want for contacts, whatever statuses the want for cases names."""
    cases = [want for want in wants if want.role is Role.CASE]
    if any(want.statuses is None for want in cases):
        return
    for want in wants:
        if want.role is not Role.CASE and (around := sorted(_OF_CASES & set(want.fields))):
            limits = "which names only some statuses" if cases else "which is not there"
            problem = f"{', '.join(around)} of a {want.role} who is a case too leave without the want for cases, {limits}"
            yield "around-statuses", f"{purpose.name}, {want.role}", problem


def _compared(one: str, ones: set[tuple[str, ...]], other: str, others: set[tuple[str, ...]]) -> _Found:
    if not ones or not others:
        return
    if ones == others:
        yield "twice", f"{one}, {other}", "ask for exactly the same: one purpose is enough"
    elif ones < others:
        yield "within", one, f"asks only for what {other} gets as well"
    elif others < ones:
        yield "within", other, f"asks only for what {one} gets as well"


def _asked(agency: Agency, purpose: str) -> set[tuple[str, ...]]:
    wants = [want for want in agency.wants if want.purpose == purpose]
    return {(want.role, why, status, field) for want in wants for why in want.why for status in want.statuses or ("*",) for field in want.fields}


def _want(agency: Agency, want: Want) -> _Found:
    where = f"{want.purpose}, {want.role}"
    for privacy in _NEEDED:
        fields = of_class(want.fields, privacy)
        if fields and privacy not in want.needs:
            yield "needs", where, f"{', '.join(fields)} are {privacy}: say under needs.{privacy} why they are needed"
    for privacy in want.needs:
        if not of_class(want.fields, privacy):
            yield "unused", where, f"needs.{privacy} is of no field that is asked for"
    if strange := sorted(_NOT_OF.get(want.role, set()) & set(want.fields)):
        yield "role", where, f"a {want.role} has no {', '.join(strange)}: they belong to the role case"
    if beyond := sorted(_BEYOND.get(agency.kind, set()) & set(want.fields)):
        yield "kind", where, f"{', '.join(beyond)} are rarely the work of a {agency.kind}"
    yield from _width(agency, want, where)
    yield from _forms(agency, want, where)


def _width(agency: Agency, want: Want, where: str) -> _Found:
    opened, quasi = of_class(want.fields, Privacy.IDENTIFYING), of_class(want.fields, Privacy.QUASI)
    if opened and agency.kind == "partner" and (opened != ["phones"] or want.why != [Why.ACCEPTED]):
        yield "partner", where, f"{', '.join(opened)} name the person"
    if opened and Why.OFFERED in want.why:
        yield "before-accepted", where, f"{', '.join(opened)} leave before the provider accepted: ask for them under `why: [accepted]` alone"
    if agency.facility or not agency.region or len(agency.region) > _PREFECTURE:
        return
    level = "province" if len(agency.region) == _PROVINCE else "prefecture"
    if opened:
        yield ("province-identifying" if level == "province" else "wide-identifying"), where, f"{', '.join(opened)} of all of the {level} {agency.region}"
    if len(quasi) >= _MANY_QUASI:
        yield "wide-quasi", where, f"{', '.join(quasi)} of all of the {level} {agency.region}"
