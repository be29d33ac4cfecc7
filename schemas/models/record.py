"""Records: what sources said, decoded, checked and normalised, one model for each kind.

Direct identifiers (names, numbers, phones) are only in `sealed`; everything else speaks of an alias.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from schemas.models.case import Role
from schemas.models.crossing import KnownBy
from schemas.models.fact import Fact, Millis
from schemas.models.need import NeedKind, Urgency


class Direction(StrEnum):
    """Which way a person passed a place or a border."""

    IN = "in"
    OUT = "out"
    PASS = "pass"  # noqa: S105 - a way through a door


class Disposition(StrEnum):
    """What a clinic decided about a patient."""

    OBSERVED = "observed"
    SUSPECTED = "suspected"
    PROBABLE = "probable"
    CONFIRMED = "confirmed"
    RULED_OUT = "ruled_out"
    ISOLATED = "isolated"
    ADMITTED = "admitted"
    RECOVERED = "recovered"
    DIED = "died"


class Result(StrEnum):
    """What a laboratory found."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    INCONCLUSIVE = "inconclusive"


class Work(StrEnum):
    """A kind of task: what somebody has to do about a person."""

    VISIT = "visit"
    CHECK = "check"
    ORDER = "order"
    CARD = "card"
    REFER = "refer"
    RECEIVE = "receive"
    SPECIMEN = "specimen"
    FINDING = "finding"
    TELL_REFERRER = "tell_referrer"
    TELL_COMMUNITY = "tell_community"
    TAKE_OVER = "take_over"
    LIFT = "lift"
    NOTIFY = "notify"
    BREACH = "breach"
    BRING = "bring"
    FEVER_VISIT = "fever_visit"
    FOOD = "food"
    MEDICINE = "medicine"
    RUBBISH = "rubbish"
    TRANSPORT = "transport"
    DIALYSIS = "dialysis"
    SCREENING = "screening"
    SUPPORT = "support"
    OVERSTAY = "overstay"
    INSPECT = "inspect"
    IDENTIFY = "identify"
    REACH = "reach"


class Handling(StrEnum):
    """What became of a task, as whoever works on it says."""

    ACCEPTED = "accepted"
    DONE = "done"
    NOT_APPLICABLE = "not_applicable"
    REFUSED = "refused"
    HANDED_OVER = "handed_over"


class Remark(StrEnum):
    """Why, or how: all that a report says besides; there is no free text."""

    AT_HOME = "at_home"
    BY_PHONE = "by_phone"
    NOBODY_THERE = "nobody_there"
    MOVED_AWAY = "moved_away"
    WRONG_PERSON = "wrong_person"
    IN_CARE = "in_care"
    FULL = "full"
    NO_TRANSPORT = "no_transport"
    NOT_OURS = "not_ours"
    LIFTED = "lifted"


class Service(StrEnum):
    """What a person who isolates may ask of the community; each is a kind of task of the same name."""

    FOOD = "food"
    MEDICINE = "medicine"
    RUBBISH = "rubbish"
    TRANSPORT = "transport"
    DIALYSIS = "dialysis"


class Reached(StrEnum):
    """How a care visit reached the person, or that it did not; by_app when nobody came, but the person asks in an app."""

    AT_HOME = "at_home"
    BY_PHONE = "by_phone"
    NOBODY_THERE = "nobody_there"
    BY_APP = "by_app"


class Medicine(StrEnum):
    """The four categories of medicine whose buyers pharmacies wrote down in 2020 to 2022 (四类药品)."""

    ANTIPYRETIC = "antipyretic"
    ANTITUSSIVE = "antitussive"
    ANTIVIRAL = "antiviral"
    ANTIBIOTIC = "antibiotic"


class MeasureKind(StrEnum):
    """A measure that an official may ask for: what a person's health code shows, or what the person has to keep to."""

    RED_CODE = "red_code"
    YELLOW_CODE = "yellow_code"
    ISOLATE_AT_HOME = "isolate_at_home"
    ISOLATE_CENTRALLY = "isolate_centrally"
    RESTRICT_TRAVEL = "restrict_travel"


class SupplyItem(StrEnum):
    """What is supplied; units are pieces, of oxygen cylinders, of medicine packages."""

    MASK = "mask"
    RESPIRATOR = "respirator"
    GOWN = "gown"
    GLOVES = "gloves"
    GOGGLES = "goggles"
    TEST_KIT = "test_kit"
    REAGENT = "reagent"
    DISINFECTANT = "disinfectant"
    OXYGEN = "oxygen"
    MEDICINE = "medicine"


class DispatchStep(StrEnum):
    """How far a dispatch is; goods that were sent count, whoever refused them before."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    SENT = "sent"
    RECEIVED = "received"


class OfferStep(StrEnum):
    """What a provider says to a need that it is offered; done counts whatever else was said."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    DONE = "done"


class Record(Fact):
    """What all kinds have: who said it, about whom, where."""

    source: str = Field(description="Name of the source.")
    record: str = Field(description="Token of the record at the source.")
    alias: str = Field(description="Keyed token of the person's first handle in this record, 32 hexadecimal digits.")
    companion_of: str | None = Field(default=None, description="Alias of the person whose record this companion was named in.")
    region: str | None = Field(default=None, description="Division code of where it happened: 2, 4, 6, 9 or 12 digits, 15 with the grid cell.")
    sealed: bytes = Field(default=b"", description="Direct identifiers, encrypted under the data key of the alias (AES-256-GCM).")


class Scan(Record):
    """A scan of a place's code."""

    place: str = Field(description="Code of the place.")
    direction: Direction = Field(description="In, out, or pass where only one kind of scan exists.")


class Gate(Record):
    """An entry in a community's entry-exit register."""

    place: str = Field(description="Code of the gate.")
    direction: Direction = Field(description="In or out.")
    temperature: float | None = Field(default=None, description="Body temperature, degrees Celsius.")
    came_from: str | None = Field(default=None, description="Division code of where the person says to come from.")


_AGE_BAND = "Band of ages of the policy in which the person is on the day of `at`, such as 30-39 or 80+; null where that is not sure."


class Visit(Record):
    """A visit to a clinic, or what a clinic or hospital later decided about the patient."""

    place: str = Field(description="Code of the facility.")
    onset: Millis | None = Field(default=None, description="First symptoms: UTC milliseconds.")
    symptoms: list[str] = Field(default_factory=list, description="Symptoms in the words of the vocabulary.")
    temperature: float | None = Field(default=None, description="Body temperature, degrees Celsius.")
    disposition: Disposition = Field(description="What the clinic decided.")
    referred_to: str | None = Field(default=None, description="Code of the facility to which the patient was referred.")
    age_band: str | None = Field(default=None, description=_AGE_BAND)


class Lab(Record):
    """A laboratory result; `at` is when the specimen was taken."""

    place: str = Field(description="Code of the laboratory.")
    reported: Millis = Field(description="When the result was reported: UTC milliseconds.")
    result: Result = Field(description="What was found.")
    method: str = Field(default="", description="Method, as the laboratory names it.")
    age_band: str | None = Field(default=None, description=_AGE_BAND)


class Household(Record):
    """A household registration: where the person lives and who looks after the grid cell."""

    household: str = Field(description="Token of the household, the same in every source that numbers households alike.")
    grid_worker: str = Field(description="Staff code of the grid worker in charge (not a personal number).")


class Clockin(Record):
    """A daily health declaration."""

    temperature: float | None = Field(default=None, description="Body temperature, degrees Celsius.")
    symptoms: list[str] = Field(default_factory=list, description="Symptoms in the words of the vocabulary.")


class CareVisit(Record):
    """A grid worker or community doctor visits or calls a person who isolates, or that person asks for something in an app.

    When nobody was there the rest does not count.
    """

    by: str = Field(default="", description="Staff code of who came or called (not a personal number); '' for who asks in an app.")
    reached: Reached = Field(description="How the person was reached, or that nobody was.")
    temperature: float | None = Field(default=None, description="Body temperature, degrees Celsius.")
    symptoms: list[str] = Field(default_factory=list, description="Symptoms in the words of the vocabulary.")
    services: list[Service] = Field(default_factory=list, description="What the person asks for.")


class Sale(Record):
    """A sale of fever medicine. Of a household of which nobody is named the alias is the token of the household."""

    place: str = Field(description="Code of the pharmacy.")
    medicine: Medicine = Field(description="Which category of medicine; neither its name nor how much.")


class Travel(Record):
    """A declaration of travel or return; `at` is the arrival, `region` where the person arrives."""

    came_from: str = Field(description="Division code of where the person was.")
    left: Millis | None = Field(default=None, description="When the person left there: UTC milliseconds.")
    transport: str = Field(default="", description="Means of transport.")


class Papers(StrEnum):
    """With what somebody crossed the border."""

    BORDER_CERTIFICATE = "border_certificate"
    PASSPORT = "passport"
    RESIDENT = "resident"
    NONE = "none"


class Crossing(Record):
    """A crossing of the border at a port or a known path."""

    place: str = Field(description="Code of the port or path.")
    direction: Direction = Field(description="In or out.")
    came_from: str = Field(default="", description="ISO 3166-1 alpha-2 code of the country on the other side.")
    papers: Papers | None = Field(default=None, description="With what; null when it was not written down.")
    known_by: list[KnownBy] | None = Field(default=None, description="What of this is written down, in this order; null in records of before it was told.")


class Step(Record):
    """One step of a published case trajectory: a confirmed case was somewhere."""

    place: str | None = Field(default=None, description="Token of the place as published; null when no place is given.")
    until: Millis = Field(description="End of the step, inclusive, as precise as the text: UTC milliseconds.")
    precise: bool = Field(description="True when the text gives an hour, so that the step can be a presence.")
    event: str = Field(default="", description="What happened, in the words of the vocabulary of trajectory events.")
    reported: Millis | None = Field(default=None, description="When the case was confirmed: UTC milliseconds.")
    came_from: str | None = Field(default=None, description="Division code of a risk area that the step or the case names.")


class Report(Record):
    """What somebody did about a task; `at` is when it was done, `region` where."""

    by: str = Field(description="Staff code of who reports (not a personal number).")
    work: Work = Field(description="Which kind of task.")
    handling: Handling = Field(description="What became of it.")
    remark: Remark | None = Field(default=None, description="Why, or how.")
    place: str | None = Field(default=None, description="Code of the facility for which it is reported; null for a grid worker or community.")
    to: str | None = Field(default=None, description="Of a task that was handed over: who has it now (staff, place or division code); unset, who reports has.")


class MeasureRequest(Record):
    """A measure that an official asks to put on one person; `at` is from when it shall hold, `region` where. It says nothing of who the person is."""

    by: str = Field(description="Staff code of the official who asks for it (not a personal number).")
    kind: MeasureKind = Field(description="Which measure.")
    reason: Role = Field(description="For which epidemiological reason: the person is a case, a contact, or a returnee. There is no other.")
    until: Millis = Field(description="Until when, the end excluded: UTC milliseconds. A measure without an end is refused.")


class Institution(StrEnum):
    """Where people are expected every working day."""

    SCHOOL = "school"
    KINDERGARTEN = "kindergarten"
    WORKPLACE = "workplace"


class Absence(Record):
    """How many were missing at a school or workplace on the day of `at`. It is about no person: it holds counts, and nobody is named."""

    alias: str = Field(description="Token of the place, 32 hexadecimal digits.")
    place: str = Field(description="Code of the school or workplace.")
    institution: Institution = Field(description="What it is.")
    enrolled: int = Field(description="How many were expected.")
    ill: int = Field(description="How many of them were missing because they were ill, at most as many as were expected.")


class Supplied(Record):
    """What records of supplies have. They are about no person: nobody is named, nothing is sealed, and no alias of a person is in them."""

    alias: str = Field(description="Token of the item, 32 hexadecimal digits: all that is said of one item meets on one partition.")
    item: SupplyItem = Field(description="Which item.")
    place: str = Field(description="Code of the place that has it; of a dispatch, of the place that gives.")


class StockReport(Supplied):
    """What a place has of an item at `at`, and how much it used in the day before."""

    on_hand: int = Field(description="Units on hand.")
    used: int = Field(description="Units used in the 24 hours before.")


class DispatchReport(Supplied):
    """One step of a dispatch from one place to another; `at` is when it was taken, `region` where."""

    number: str = Field(description="Number of the dispatch, of one item.")
    to: str = Field(description="Code of the place that gets it.")
    quantity: int = Field(description="Units, at least one: of what was received as counted there.")
    step: DispatchStep = Field(description="Which step.")
    by: str = Field(description="Staff code of who took it (not a personal number).")


class NeedReport(Record):
    """What a person needs of others at `at`; `region` is where. A resident, a grid worker or a partner says it. There is no free text."""

    need: NeedKind = Field(description="What is needed.")
    urgency: Urgency = Field(description="How long it can wait.")
    quantity: int = Field(default=1, description="For how many people, at least one.")


class Serving(Record):
    """What records of providers have. They are about no person: nobody is named, nothing is sealed, and no alias of a person is in them."""

    alias: str = Field(description="Name of the kind of need, 32 hexadecimal digits: all that is said of one kind meets on one partition.")
    need: NeedKind = Field(description="Which kind of need.")
    place: str = Field(description="Code of the provider: a shop, school, hospital or social organisation.")


class ProviderReport(Serving):
    """What a provider offers from `at` on, until it says otherwise; `region` is where it is."""

    serves: str = Field(description="Division code of the area in which it serves.")
    capacity: int = Field(description="How many needs a day it can serve, a day in Asia/Shanghai; 0 for a provider that serves none now.")


class OfferReport(Serving):
    """What a provider says at `at` to a need that it was offered."""

    number: str = Field(description="Number of the offer, as the provider was told it.")
    step: OfferStep = Field(description="What it says.")


class Screening(Record):
    """That somebody who isolates has answered the questionnaires of a psychological screening. No answer and no score is in it, nor who the person is."""

    offer: bool = Field(description="Whether support is to be offered, by the policy's thresholds.")
