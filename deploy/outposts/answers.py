"""What a clinic is answered about its reports, as it stands now: a pure function of what is on the bus. It names nobody: a report is its running number.

A number is found by its token, which whoever has the keys makes again, so no report has to be opened. What became of a report is in `record.*` and `reject`;
how far its referral is, in `task`; and what is known of the patient only in what was released to the clinic's own agency, if it has a file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pydantic import BaseModel

from connectors.messages.form import Format, Kind
from schemas.agency import Agency
from schemas.models.identity import Link
from schemas.models.raw import Raw, Reason, Reject
from schemas.models.record import Visit, Work
from schemas.models.release import Release
from schemas.models.task import Progress, Task
from schemas.tokens import Keys
from streams.normalise.written import CONFLICT
from streams.routing.codes import Codes

LAST = 9_999
"""The highest running number; it has four digits in a message."""
Messages = Callable[[str], Iterable[tuple[str, BaseModel]]]
Standing = Callable[[str], Mapping[str, BaseModel]]
_WORKS = {Work.RECEIVE: "received", Work.SPECIMEN: "sampled", Work.TELL_REFERRER: "told"}
ABOUT = ("report", "received", "sampled", "told", "status")
"""What is answered, in the order in which it comes about."""
_LETTER = re.compile(r"(?:^|; )([A-Z])(?=:| is missing)")
_SENT = (Work.RECEIVE, Work.TELL_REFERRER)
"""Tasks that name the referrer; a specimen is of whoever received the patient."""


class Told(NamedTuple):
    """One answer: the sign of the kind of report, its number, what it is about (report, receive, specimen, told, status), a word, and more of it.

    Words of a report are taken, back, refused and conflict (it came with two contents, of which one counts), of a referral open, done, overdue and
    not_applicable; of the patient those of a status. `more` are the keys of fields to correct, how often a report came, or the version to send.
    """

    kind: str
    number: int
    about: str
    word: str
    more: str = ""


def answers(clinic: str, form: Format, agencies: Iterable[Agency], keys: Keys, messages: Messages, standing: Standing) -> list[Told]:
    """Everything that a clinic is answered, by kind and number."""
    found: list[Told] = []
    numbers = {keys.token("record", kind.source, clinic, str(number)): (sign, number) for sign, kind in form.kinds.items() for number in range(1, LAST + 1)}
    rejects: dict[str, list[Reject]] = {}
    for value in standing("reject").values():
        if isinstance(value, Reject) and value.record in numbers:
            rejects.setdefault(value.record, []).append(value)
    for sign, kind in form.kinds.items():
        said: dict[str, list[Raw]] = {}
        for _, raw in messages(f"raw.{kind.source}"):
            if isinstance(raw, Raw) and numbers.get(raw.record, ("",))[0] == sign:
                said.setdefault(raw.record, []).append(raw)
        for record, raws in said.items():
            word, more = _report(raws, rejects.get(record, []), kind)
            found.append(Told(sign, numbers[record][1], "report", word, more))
    found += _referrals(clinic, agencies, keys, standing, numbers)
    return sorted(found, key=lambda one: (one.kind, one.number, ABOUT.index(one.about), one))


def _report(raws: Sequence[Raw], rejects: Sequence[Reject], kind: Kind) -> tuple[str, str]:
    """What became of a report, by the versions of it that came."""
    refused = {(one.version, one.digest): one for one in rejects}
    good = [(one.version, one.retracts, one.digest) for one in raws if (one.version, one.digest) not in refused]
    last = max(refused, default=(0, ""))
    if refused and not any(version >= last[0] for version, _, _ in good):
        return "refused", "".join(dict.fromkeys(key for reason in refused[last].reasons for key in _keys(reason, kind)))
    if max(good)[1]:
        return "back", ""
    if any(one.version == max(good)[0] and one.reasons == CONFLICT for one in rejects):
        return "conflict", str(max(good)[0] + 1)
    often = Counter(good)[max(good)]
    return "taken", str(often) if often > 1 else ""


def _keys(reason: Reason, kind: Kind) -> Iterator[str]:
    """The keys of what is wrong: of a field of the source, or of the sentences that a message was refused with, each of which begins with a letter."""
    yield from (key for key, entry in kind.fields.items() if entry.field == reason.field)
    for letter in _LETTER.findall(reason.problem) if not reason.field else ():
        yield from (key for key, entry in kind.fields.items() if entry.latin == letter)


def _referrals(clinic: str, agencies: Iterable[Agency], keys: Keys, standing: Standing,
               numbers: Mapping[str, tuple[str, int]]) -> Iterator[Told]:  # fmt: skip
    """How far the referral of each visit is, and what was released about its patient."""
    visits = [one for one in standing("record.visit").values() if isinstance(one, Visit) and one.record in numbers and one.place == clinic]
    people = {one.alias: one.person for one in standing("identity.link").values() if isinstance(one, Link)}
    tasks: dict[str, list[Task]] = {}
    for one in standing("task").values():
        if isinstance(one, Task) and one.work in _WORKS:
            tasks.setdefault(one.person, []).append(one)
    own = [agency for agency in agencies if agency.facility == clinic]
    known = dict(_released(own, standing))
    codes = [Codes(agency, purpose, keys) for agency in own for purpose in agency.purposes]
    for visit in visits:
        sign, number = numbers[visit.record]
        person = people.get(visit.alias, visit.alias)
        for task in sorted(tasks.get(person, []), key=lambda one: one.opened):
            if task.opened >= visit.at and (task.other == clinic if task.work in _SENT else visit.referred_to is not None and task.owner == visit.referred_to):
                yield Told(sign, number, _WORKS[task.work], _word(task))
        for code in codes:
            if status := known.get(code.person(person)):
                yield Told(sign, number, "status", status)


def _word(task: Task) -> str:
    if task.work is Work.TELL_REFERRER:
        return "done"  # that it is there at all says that the result is
    return "open" if task.state in (Progress.OPEN, Progress.ACCEPTED) else task.state.value


def _released(own: Iterable[Agency], standing: Standing) -> Iterator[tuple[str, str]]:
    """By the code of a person for the clinic's own agency, the status that was released to it."""
    for agency in own:
        for release in standing(f"deliver.{agency.name}").values():
            if isinstance(release, Release) and release.view.status:
                yield release.person, release.view.status.value

