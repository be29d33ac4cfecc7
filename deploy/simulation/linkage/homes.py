"""Who lives together: couples, children, twins, parents of parents; and border residents."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate

from deploy.simulation.dice import Dice
from deploy.simulation.linkage.naming import Names, sounds
from deploy.simulation.linkage.person import Home, Name, Person, invented_phone
from deploy.simulation.linkage.rates import Rates, name_list
from streams.normalise.resident import check_digit

TODAY = date(2021, 6, 30)
"""When the invented records are written, about."""
_FIRST, _TOWNSHIPS, _VILLAGES = date(1932, 1, 1), 11, 10
_EARLIEST, _EACH = date(1900, 1, 1), 500
_STEP, _TURN = 179, 271
"""Prime to `_EACH`, so that no sequence comes twice on a day."""
_PHONES_EACH = 3
"""Phones that are kept for each place in a household: two of their own and the household's."""


class Sequences:
    """Gives out resident numbers without their check digit, none twice."""

    def __init__(self) -> None:
        """Nothing is given out yet."""
        self._given: dict[str, array[int]] = {}

    def next(self, county: str, born: date, sex: str) -> str:
        """The next number of a county and day, in an order that looks like chance; raises ValueError when 500 of a sex have one."""
        days = self._given.setdefault(county, array("H", bytes(4 * (TODAY - _EARLIEST).days)))
        place = (born - _EARLIEST).days * 2 + (sex == "male")
        if days[place] == _EACH:
            raise ValueError("too many people for so few counties: no resident numbers are left")
        sequence = (days[place] * _STEP + place * _TURN + int(county)) % _EACH
        days[place] += 1
        return f"{county}{born:%Y%m%d}{sequence * 2 + (sex == 'male'):03d}"


class Homes:
    """Makes households, one after another. Of those made before it keeps nothing but how many numbers were given out in each county for each day."""

    def __init__(self, seed: int, most: int, names: Names, rates: Rates, counties: Sequence[str]) -> None:
        """Take the seed, how many people there are at most, their names, the rates, and the counties they live in."""
        self._seed, self._phones, self._names, self._counties = seed, most * _PHONES_EACH * 8, names, counties
        self._rates = {name: rate.value for name, rate in rates.people.items()}
        self._sequences = Sequences()
        self._sizes, self._size_sums = list(rates.households.value), list(accumulate(rates.households.value.values()))

    def home(self, number: int) -> Home:
        """A household, or a border resident, with people whose keys begin with its number. Raises ValueError as `Sequences.next`."""
        dice = Dice(self._seed, f"home {number}")
        if dice.chance(self._rates["foreign"] * 2.6):  # a household has 2.6 people, a border resident is one
            return self._foreign(dice, number)
        county = dice.pick(self._counties)
        region = f"{county}{100 + dice.between(0, _TOWNSHIPS - 1):03d}{200 + dice.between(0, _VILLAGES - 1):03d}"
        home = Home(f"h{number}", region, _address(dice), [])
        size = dice.weighed(self._sizes, self._size_sums)
        if dice.chance(self._rates["minority"]):
            for _ in range(size):
                self._join(dice, home, self._minority(dice, sex := dice.pick(("male", "female"))), sex, _day(dice, _FIRST, date(2018, 1, 1)))
        else:
            self._family(dice, home, size)
        return home

    def _family(self, dice: Dice, home: Home, size: int) -> None:
        """A man or a woman alone, or a couple, children, and parents of the man."""
        names = self._names
        family = names.surname(dice)
        born = _day(dice, date(1940, 1, 1), date(2000, 1, 1))
        if size == 1:
            sex = dice.pick(("male", "female"))
            self._join(dice, home, Name(family, names.given(dice, sex, born.year)), sex, born)
            return
        self._join(dice, home, Name(family, names.given(dice, "male", born.year)), "male", born)
        wife = born + timedelta(dice.between(-1500, 2500))
        mother = Name(names.surname(dice), names.given(dice, "female", wife.year))
        self._join(dice, home, mother, "female", wife)
        earliest = wife + timedelta(7500)
        if earliest >= TODAY - timedelta(400):
            return
        parents = size - 2 if size == 3 and dice.chance(0.2) else max(0, size - 4)
        for place in range(parents):
            sex = ("male", "female")[place % 2]
            older = born - timedelta(dice.between(7500, 11000))
            self._join(dice, home, Name(family if sex == "male" else names.surname(dice), names.given(dice, sex, older.year)), sex, older)
        self._children(dice, home, size - 2 - parents, mother.family if dice.chance(self._rates["mother"]) else family, earliest)

    def _children(self, dice: Dice, home: Home, count: int, family: str, earliest: date) -> None:
        latest = min(TODAY - timedelta(100), earliest + timedelta(6000))
        generation = self._names.sign(dice) if dice.chance(self._rates["generation"]) else ""
        born: date | None = None
        for _ in range(count):
            twin = born is not None and dice.chance(self._rates["twins"] * 8)  # of siblings here; a few in a hundred births have one
            born = born if twin and born else _day(dice, earliest, latest)
            sex = dice.pick(("male", "female"))
            given = self._names.given(dice, sex, born.year)
            self._join(dice, home, Name(family, generation + given[-1] if generation else given), sex, born)

    def _join(self, dice: Dice, home: Home, name: Name, sex: str, born: date) -> None:
        """Let somebody live there. Nobody calls a child what another at home is called, nor what sounds the same."""
        while any(name.family == other.name.family and sounds(name.given) == sounds(other.name.given) for other in home.members):
            name = name._replace(given=name.given[:-1] + self._names.sign(dice))
        key = f"{home.household}-{len(home.members)}"
        county = dice.pick(self._counties) if dice.chance(self._rates["moved_here"]) else home.region[:6]
        number = self._sequences.next(county, born, sex)
        age = TODAY.year - born.year
        own = age >= 12 and (age < 65 or dice.chance(self._rates["elder_with_phone"]))
        first = int(home.household[1:]) * 8 * _PHONES_EACH
        place = first + _PHONES_EACH * (1 + len(home.members)) if own or not home.members else first + _PHONES_EACH
        phones = [invented_phone(place + further, self._phones) for further in range(2)]
        home.members.append(Person(key, name, sex, born, f"resident:{number}{check_digit(number)}", phones[0], phones[1]))

    def _minority(self, dice: Dice, sex: str) -> Name:
        lists = name_list()
        if dice.chance(0.5):
            signs = "".join(dice.some(lists.dai.signs, 2))
            return Name("", (lists.dai.male if sex == "male" else lists.dai.female) + signs)
        return Name(dice.pick(lists.parted.first), dice.pick(lists.parted.second), dot=True)

    def _foreign(self, dice: Dice, number: int) -> Home:
        """A border resident, who has a certificate or a passport, or no document."""
        syllables = dice.some(name_list().burmese, dice.between(2, 4))
        name = Name("", "".join(syllable[2] for syllable in syllables), latin=tuple((syllable[0], syllable[1]) for syllable in syllables))
        document = ""
        if not dice.chance(self._rates["foreign_without_document"]):
            document = f"border-certificate:MB{number:08d}" if dice.chance(0.7) else f"passport:MP{number:08d}"
        phone = f"+959{4_000_000_00 + number * 37 % 99_999_989:09d}"
        person = Person(f"h{number}-0", name, dice.pick(("male", "female")), _day(dice, date(1955, 1, 1), date(2004, 1, 1)), document, phone, nationality="MM")
        return Home(f"h{number}", "", "", [person])


def _day(dice: Dice, first: date, last: date) -> date:
    """A day, the first included and the last not."""
    return first + timedelta(dice.between(0, (last - first).days - 1))


def _address(dice: Dice) -> str:
    lists = name_list()
    if dice.chance(0.5):
        return f"{dice.pick(lists.streets)}路{dice.between(1, 180)}号{dice.between(1, 12)}栋{dice.between(1, 8)}0{dice.between(1, 4)}室"
    return f"{dice.pick(lists.hamlets)}{dice.between(1, 12)}组{dice.between(1, 120)}号"
