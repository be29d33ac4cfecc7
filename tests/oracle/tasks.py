"""What has to be done about a linked case: every task by itself, from the lines of the timeline, in the plainest way.

`now` is the latest tick. Of something that is to be done every day, the task is that of the day that is on; what was asked for earlier is not looked at any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from schemas.models.record import Papers, Work
from schemas.vocabulary import vocabulary
from streams.policy import Policy
from tests.oracle.cases import Content
from tests.oracle.facts import Told
from tests.oracle.handover import last_offer

_DIGITS = {"community": 12, "township": 9, "county": 6, "prefecture": 4, "province": 2}
_REPORTED = ("done", "not_applicable", "accepted", "handed_over", "refused")
"""What becomes of a task; of what is told at one moment the first counts first."""
_CARE, _FOUND, _DOUBT = ("seen", "isolated", "admitted"), ("suspected", "probable", "positive", "confirmed"), ("suspected", "probable")


@dataclass(frozen=True)
class _News:
    """What is told of a task: a report, or another line that shows that it is over. `back` is the line of a refusal that ends it."""

    at: int
    what: str
    by: str
    remark: str | None = None
    back: Content | None = field(default=None, compare=False)


@dataclass(frozen=True)
class _Task:
    """What is to be done, in the words of the topic, and what is told of it."""

    work: str
    line: Content
    owned_by: str
    owner: str
    news: list[_News]
    begin: int
    end: int | None = None
    responsible: str = ""
    other: str | None = None
    region: str | None = None


def tasks(case: Content, apart: Content | None, policy: Policy, now: int, screened: Sequence[Told] = ()) -> list[Content]:
    """All tasks of a linked case, the person's isolation and screenings when it is so late."""
    every = [*_support(case, apart, policy, now, screened), *_of_community(case, apart, policy, now), *_too_long(case, policy, now), *_no_phone(case), *_no_name(case, policy)]
    return [_shown(case["person"], one, policy, now) for one in [*every, *_of_facilities(case, policy), *_of_regions(case)]]


def _of_community(case: Content, apart: Content | None, policy: Policy, now: int) -> Iterable[_Task]:
    lines, day = case["timeline"], policy.tasks[Work.CHECK]
    lifted = [apart["until"]] if apart and apart["state"] == "lifted" else []
    returned, met, either = (episode(lines, whats, policy.watch) for whats in (("returned",), ("contact",), ("returned", "contact")))
    if returned:
        yield _let_go(_at_home(case, "visit", returned, returned[0]["at"]), lifted)
    if met:
        yield _let_go(_at_home(case, "order", met, met[0]["at"]), lifted)
    until = either[-1]["at"] + policy.watch if either else 0
    if apart and (not either or apart["until"] > either[-1]["at"]):
        until = min(until, apart["until"]) if either else apart["until"]
    if not either and apart:
        either = [{"at": apart["at"], "what": apart["ground"], "region": apart["region"]}]
    if either:
        begin = either[0]["at"] + day
        over = min([until, *[max(at, begin) + 1 for at in abroad(lines) if at >= either[-1]["at"]]])
        check = _at_home(case, "check", either, begin)
        check = replace(check, news=_sorted([*check.news, *_met(lines)], begin))
        yield _today(_let_go(check, lifted), over, day, now)
    if apart and lifted:
        yield _at_home(case, "lift", [{"at": apart["until"], "what": apart["ground"], "region": apart["region"]}], apart["until"])
    yield from _falls_ill(case, apart)
    yield from (_let_go(task, lifted) for task in _asked_for(case, apart, policy))
    if apart and apart["breached"] is not None:
        seen = [{"at": apart["breached"], "what": apart["ground"], "region": apart["region"]}]
        yield _let_go(_at_home(case, "breach", seen, apart["breached"]), lifted)
    if case["fever"] and (not apart or case["fever"]["since"] >= apart["until"]):
        yield from _fever(case, policy)


def _support(case: Content, apart: Content | None, policy: Policy, now: int, screened: Sequence[Told]) -> Iterable[_Task]:
    """A screening every so often of who isolates where support can be had; and to offer support since the first that asked for it after it was offered last."""
    if not apart:
        return
    begin, end = apart["at"], apart["until"]
    line = {"at": begin, "what": apart["ground"], "region": apart["region"]}
    if any((apart["region"] or "").startswith(region) for region in policy.screening.regions):
        task = _at_home(case, "screening", [line], begin)
        task = replace(task, news=_sorted([*task.news, *[_News(one.at, "done", "") for one in screened]], begin))
        over = [_News(end, "not_applicable", "", "lifted")] if apart["state"] == "lifted" else []
        begins = [begin, *range(begin + policy.screening.every, end, policy.screening.every)]
        begun = max([one for one in begins if one < now], default=begin)
        last = begun == begins[-1]
        stop = None if last else begun + policy.screening.every
        news = [one for one in _sorted([*task.news, *over], begin) if stop is None or one.at < stop]
        yield replace(task, begin=begun, end=stop, news=news)
    asks = sorted(one.at for one in screened if one.says["offer"] and begin <= one.at < end)
    if asks:
        done = [one.at for one in _reports(case["timeline"], "support", 0) if one.what in ("done", "not_applicable") and one.at < asks[-1]]
        first = next(at for at in asks if at > max(done, default=-1))
        yield _at_home(case, "support", [line | {"at": first}], first)


def _too_long(case: Content, policy: Policy, now: int) -> Iterable[_Task]:
    """Where somebody is who last entered by papers by which the stay is over, and had not crossed outwards by then."""
    lines = case["timeline"]
    for entry in [line for line in lines if line["what"] == "entered"][-1:]:
        papers = Papers(entry["note"])
        over = entry["at"] + policy.stays[papers] if papers in policy.stays else now
        if now > over and not any(entry["at"] <= at <= over for at in abroad(lines)):
            yield _at_home(case, "overstay", [entry], over)
            known = [(line, "in_care") for line in lines if line["what"] in ("isolated", "admitted", "died")]
            known += [(line, "moved_away") for line in lines if (line["what"], line["note"]) == ("stay", "out")]
            yield _of_county(case, "inspect", entry, over, [_News(line["at"], "not_applicable", line["place"] or "", why) for line, why in known])


def _of_county(case: Content, work: str, line: Content, begin: int, ends: list[_News]) -> _Task:
    """A task of the border agency of the county of a crossing."""
    known = vocabulary("ports")
    name = line["place"] or ""
    numbered = name.split("-")[1] if name.startswith(("PATH-", "CHECK-")) else ""
    listed = known["ports"][name]["county"] if name in known["ports"] else numbered if numbered in known["counties"] else ""
    county = listed or (line["region"] or "")[:6]
    return _Task(work, line, "border", county, _sorted([*_reports(case["timeline"], work, begin), *ends], begin), begin, region=county or None)


def _no_phone(case: Content) -> Iterable[_Task]:
    """Whoever came in last by papers from abroad, if none of the crossings has a phone and no household."""
    lines = case["timeline"]
    entries = [line for line in lines if line["what"] == "entered"]
    notes = [line["note"].split(" ") for line in lines if line["what"] == "identified"]
    if entries and notes and not any("phone" in note for note in notes) and not any(line["what"] == "residence" for line in lines):
        task = _at_home(case, "reach", entries[-1:], entries[-1]["at"])
        yield replace(task, news=_sorted([*task.news, *_met(lines)], task.begin))


def _no_name(case: Content, policy: Policy) -> Iterable[_Task]:
    """The first crossing before which there were so many that it is one too many, of somebody whose name is nowhere."""
    lines, rule = case["timeline"], policy.crossings
    crossed = [line for line in lines if line["what"] == "identified"]
    if any(line["what"] == "residence" or "name" in line["note"].split(" ") for line in lines if line["what"] in ("residence", "identified")):
        return
    for place, line in enumerate(crossed):
        if sum(line["at"] - before["at"] <= rule.window for before in crossed[: place + 1]) >= rule.often:
            yield _of_county(case, "identify", line, line["at"], [])
            return


def _falls_ill(case: Content, apart: Content | None) -> Iterable[_Task]:
    """Because of the first symptom of somebody who is apart, but for those that a visit to a clinic tells of, until a clinic has seen the person."""
    lines = case["timeline"]
    visits = [line for line in lines if line["what"] == "seen"]
    ill = [line for line in lines if apart and line["what"] == "symptom" and apart["at"] <= line["at"] < apart["until"] and line["at"] not in [one["at"] for one in visits]]
    for line in ill[:1]:
        task = _at_home(case, "bring", [line], line["at"])
        yield replace(task, news=_sorted([*task.news, *_over(visits)], line["at"]))


def _met(lines: list[Content]) -> list[_News]:
    return [_News(line["at"], "done", line["other"], line["note"]) for line in lines if line["what"] == "cared"]


def _asked_for(case: Content, apart: Content | None, policy: Policy) -> Iterable[_Task]:
    """Each service, and that nobody was at home some time after being told: the first line since it was last seen to, before the last line."""
    if not apart:
        return
    lines = case["timeline"]
    wanted = {service: [line for line in lines if (line["what"], line["note"]) == ("asked", service)] for service in ("food", "medicine", "rubbish", "transport", "dialysis")}
    told = apart["told"]
    wanted["breach"] = [line for line in lines if line["what"] == "absent" and told is not None and line["at"] >= told + policy.breaches.way]
    for work, found in wanted.items():
        news = [*_reports(lines, work, 0), *(_met(lines) if work == "breach" else [])]
        inside = [line for line in found if apart["at"] <= line["at"] < apart["until"]]
        for last in inside[-1:]:
            seen_to = [one.at for one in news if one.what in ("done", "not_applicable") and one.at < last["at"]]
            first = next(line for line in inside if line["at"] > max(seen_to, default=-1))
            task = _at_home(case, work, [first, last], first["at"])
            yield replace(task, news=_sorted([*task.news, *(_met(lines) if work == "breach" else [])], first["at"]))


def _let_go(task: _Task, lifted: list[int]) -> _Task:
    """The task when isolation is over."""
    over = [_News(max(at, task.begin), "not_applicable", "", "lifted") for at in lifted]
    return replace(task, news=_sorted([*task.news, *over], task.begin))


def _fever(case: Content, policy: Policy) -> Iterable[_Task]:
    since, lines = case["fever"]["since"], case["timeline"]
    line = next(one for one in lines if one["what"] in ("symptom", "bought") and one["note"] in case["fever"]["signs"] and one["at"] == since)
    task = _at_home(case, "fever_visit", [line], since)
    able = [one for one in lines if one["what"] == "seen" and any((one["place"] or "").startswith(code) for code in policy.testing)]
    over = [*able, *[one for one in lines if one["what"] in ("referred", "negative", "positive")]]
    yield replace(task, news=_sorted([*task.news, *_over(over)], since))


def episode(lines: list[Content], whats: tuple[str, ...], gap: int) -> list[Content]:
    """The lines of some sorts after the last time that there was none of them for longer than the gap, or that the person was abroad between two of them."""
    mine = [line for line in lines if line["what"] in whats]
    times = [line["at"] for line in mine]
    apart = [later - before > gap or any(before <= at < later for at in abroad(lines)) for before, later in pairwise(times)]
    return mine[max([0, *[place + 1 for place, cut in enumerate(apart) if cut]]) :]


def abroad(lines: list[Content]) -> list[int]:
    """The moments at which the person crossed the border outwards."""
    return [line["at"] for line in lines if (line["what"], line["note"]) == ("stay", "out")]


def _at_home(case: Content, work: str, episode: list[Content], begin: int) -> _Task:
    line = episode[0]
    region = case["community"] or line["region"]
    registered = [one["at"] for one in case["timeline"] if one["what"] == "residence"]
    news = [one for one in _reports(case["timeline"], work, begin) if one.what in ("done", "not_applicable") or one.at >= max(registered, default=one.at)]
    news += [_News(one["at"], "not_applicable", one["place"] or "", "in_care") for one in case["timeline"] if one["what"] in ("isolated", "admitted", "died")]
    for one in case["timeline"]:
        if (one["what"], one["note"]) == ("stay", "out") and one["at"] >= episode[-1]["at"]:
            news.append(_News(max(one["at"], begin), "not_applicable", one["place"] or "", "moved_away"))
    who = ("grid_worker", case["grid_worker"]) if case["grid_worker"] else ("community", (region or "")[:12])
    return _Task(work, line, *who, _sorted(news, begin), begin, region=region)


def _today(task: _Task, over: int, day: int, now: int) -> _Task:
    """The day that is on: days begin one after another while the person is watched and nobody else cares; the last one never ends."""
    cared = [one.at for one in task.news if (one.what, one.remark) == ("not_applicable", "in_care")]
    last = min([over, *[at + 1 for at in cared]])
    begins = [task.begin]
    while begins[-1] + day < last:
        begins.append(begins[-1] + day)
    begun = [begin for begin in begins if begin < now] or begins[:1]
    end = begun[-1] + day if begun[-1] != begins[-1] else None
    return replace(task, begin=begun[-1], end=end, news=[one for one in task.news if end is None or one.at < end])


def _of_facilities(case: Content, policy: Policy) -> Iterable[_Task]:
    lines = _present(case["timeline"])
    everything, able = case["timeline"], tuple(policy.testing)
    found = [line for line in lines if line["what"] in _FOUND][:1]
    for line in found:
        if owner := case["clinic"] or line["place"]:
            yield _facility("card", line, owner, _reports(everything, "card", line["at"]))
    seen = [line for line in lines if line["what"] == "seen" and (line["place"] or "").startswith(able)]
    for line in [line for line in lines if line["what"] in _DOUBT and line["place"] and not line["place"].startswith(able)][:1]:
        news = [*_reports(everything, "refer", line["at"]), *_over([*seen, *[one for one in lines if one["what"] == "referred"]])]
        ruled_out = [_News(one["at"], "not_applicable", one["place"] or "") for one in lines if one["what"] == "ruled_out"]
        yield _facility("refer", line, line["place"], news + ruled_out)
    referral = next((line for line in lines[::-1] if line["what"] == "referred"), None)
    came = [line for line in lines if line["what"] in _DOUBT and (line["place"] or "").startswith(able)]
    if referral:
        came = [line for line in lines if line["what"] in _CARE and line["place"] == referral["other"] and line["at"] >= referral["at"]]
        yield from _handed(everything, referral, came, seen)
    for line in came[:1]:
        yield from _tested(case, lines, line, referral)


def _of_regions(case: Content) -> Iterable[_Task]:
    _, offer = last_offer(case["community"], case["timeline"])
    if offer:
        news = [replace(one, what="done" if one.what == "accepted" else "not_applicable") for one in _reports([offer.answer] if offer.answer else [], "take_over", 0)]
        yield _Task("take_over", offer.line, "region", offer.taker, news, offer.line["at"], responsible=offer.giver, other=offer.giver, region=offer.taker)


def _present(lines: list[Content]) -> list[Content]:
    """What came after the last ruling-out that was not the end."""
    last = max([line["at"] for line in lines if line["what"] in _FOUND], default=0)
    over = max([line["at"] for line in lines if line["what"] == "ruled_out" and line["at"] < last], default=None)
    return [line for line in lines if over is None or line["at"] > over]


def _handed(lines: list[Content], referral: Content, came: list[Content], seen: list[Content]) -> Iterable[_Task]:
    """The other facility takes the patient; or it refuses, and the first one has to find another."""
    to, sender = referral["other"], referral["place"] or referral["other"]
    news = _over(came)
    for one in _reports([line for line in lines if line["place"] in (None, to)], "receive", referral["at"]):
        news.append(replace(one, what="not_applicable") if one.what == "refused" else replace(one, back=None))
    receive = _facility("receive", referral, to, news, responsible=sender, other=referral["place"])
    yield receive
    end = next((one for one in receive.news if one.what in ("done", "not_applicable")), None)
    if end and end.back:
        news = [*_reports(lines, "refer", end.back["at"]), *_over(seen)]
        yield _facility("refer", end.back, sender, news, other=to, region=referral["region"])


def _tested(case: Content, lines: list[Content], came: Content, referral: Content | None) -> Iterable[_Task]:
    everything, place, at, where = case["timeline"], came["place"], came["at"], came["region"]
    results = [line for line in lines if line["what"] in ("positive", "negative") and line["at"] >= at]
    yield _facility("specimen", came, place, [*_reports(everything, "specimen", at), *_over(results)])
    for taken in [line for line in lines if line["what"] == "done" and line["note"].split()[0] == "specimen" and line["at"] >= at][:1]:
        late = [replace(one, at=max(one.at, taken["at"])) for one in _over(results)]
        yield _facility("finding", taken, place, [*_reports(everything, "finding", taken["at"]), *late], region=where or taken["region"])
    for line in results[:1] if referral else []:
        for work, other in (("tell_referrer", (referral or {})["place"]), ("tell_community", case["community"])):
            if work == "tell_referrer" or other:
                yield _facility(work, line, place, _reports(everything, work, line["at"]), other=other, region=where or line["region"])


def _facility(work: str, line: Content, owner: str, news: list[_News], responsible: str = "", other: str | None = None, region: str | None = None) -> _Task:
    return _Task(work, line, "facility", owner, _sorted(news, line["at"]), line["at"], responsible=responsible, other=other, region=region or line["region"])


def _reports(lines: Iterable[Content], work: str, since: int) -> list[_News]:
    found = []
    for line in lines:
        if line["what"] in _REPORTED and line["note"].split(" ")[0] == work and line["at"] >= since:
            remark = line["note"].split(" ")[1] if " " in line["note"] else None
            found.append(_News(line["at"], line["what"], line["other"] or "", remark, line if line["what"] == "refused" else None))
    return found


def _over(lines: Iterable[Content]) -> list[_News]:
    return [_News(line["at"], "done", line["place"] or "") for line in lines]


def _sorted(news: list[_News], since: int) -> list[_News]:
    return sorted([one for one in news if one.at >= since], key=lambda one: (one.at, _REPORTED.index(one.what), one.by, one.remark or ""))


def _shown(person: str, task: _Task, policy: Policy, now: int) -> Content:
    """The task as its topic shows it."""
    now_told = [one for one in task.news if one.at >= task.begin]
    end = next((one for one in now_told if one.what in ("done", "not_applicable")), None)
    last = now_told[-1] if now_told else None
    has = last is not None and last.what in ("accepted", "done")
    due = task.begin + policy.tasks[Work(task.work)]
    owned_by, owner = task.owned_by, task.owner
    for one in task.news:
        if one.what == "handed_over":
            owned_by, owner = task.owned_by if task.owned_by in ("facility", "border") else "grid_worker", one.by
        if one.what == "refused" and task.owned_by == "grid_worker" and task.region:
            owned_by, owner = "community", task.region[:12]
    late = [step for step in policy.escalation if not end and now > due + step.after]
    state, at = ("accepted" if has else "open"), last.at if last else task.begin
    if end:
        state, at = end.what, end.at
    elif now > due:
        state, at = "overdue", due + (late[-1].after if late else 0)
    remark = (end or last).remark if (end or last) else None  # type: ignore[union-attr]
    return {
        "at": at, "person": person, "work": task.work, "reason": task.line["what"], "owned_by": owned_by, "owner": owner,
        "responsible": task.responsible if task.responsible not in ("", task.owner) and not has else owner, "other": task.other, "region": task.region,
        "opened": task.begin, "due": due, "state": state, "by": end.by if end else None, "remark": remark,
        "escalated_to": task.region[: _DIGITS[late[-1].level]] if late and task.region else None,
    }  # fmt: skip
