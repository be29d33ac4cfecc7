"""Sets with truth that are drawn, not published: siblings of FEBRL and of fake-1000, with other seeds, sizes and rates. All people are invented."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from streams.identity.records import Record
from streams.identity.records import records as read
from streams.identity.spec import Spec
from tests.accuracy.corrupt import Cells, corrupt, typo

_ONSETS = ("b", "br", "c", "ch", "d", "f", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "r", "s", "sh", "st", "t", "th", "v", "w")
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ea", "ie")
_CODAS = ("", "", "l", "n", "r", "s", "t", "ck", "nd", "rt")
_STATES = ("nsw", "nsw", "nsw", "vic", "vic", "qld", "qld", "wa", "sa", "tas")
_FEBRL_SWAPS = (("given_name", "surname"), ("address_1", "address_2"))


Rows = Iterator[Cells]


def febrl(people: int, seed: int, mistakes: int = 3, most: int = 3) -> Rows:
    """Rows like those of FEBRL: of each person one without mistakes, and up to `most` with up to `mistakes` each."""
    drawn = random.Random(seed)
    pools = {
        "given_name": _words(drawn, 300, 2),
        "surname": _words(drawn, 1500, 2),
        "street_number": [str(number) for number in range(1, 400)],
        "address_1": [f"{word} {kind}" for word in _words(drawn, 900, 3) for kind in ("street", "place", "crescent")],
        "address_2": _words(drawn, 800, 4),
        "suburb": _words(drawn, 500, 3),
        "postcode": [str(number) for number in range(2000, 7000, 7)],
        "state": list(_STATES),
        "date_of_birth": [str(19_000_101 + year * 10_000 + month * 100 + day) for year in range(100) for month in range(12) for day in range(28)],
        "soc_sec_id": [str(number) for number in range(1_000_000, 9_999_999, 37)],
    }
    ranked = {"given_name", "surname", "suburb", "street_number", "state"}
    for person in range(people):
        right = {column: _ranked(pool, drawn) if column in ranked else drawn.choice(pool) for column, pool in pools.items()}
        right["address_2"] = "" if drawn.random() < 0.15 else right["address_2"]
        yield {"rec_id": f"rec-{person}-org", **right}
        for number in range(drawn.randint(0, most)):
            yield {"rec_id": f"rec-{person}-dup-{number}", **corrupt(right, drawn, drawn.randint(1, mistakes), pools, _FEBRL_SWAPS)}


def fake(people: int, seed: int, missing: float = 0.2) -> Rows:
    """Rows like those of fake-1000: of each person one to seven, all with mistakes, some cells missing, and an e-mail address made of the name."""
    drawn = random.Random(seed)
    given, surname, cities = _words(drawn, 200, 2), _words(drawn, 400, 2), _words(drawn, 60, 3)
    hosts = [f"{word}.com" for word in _words(drawn, 800, 3)]
    number = 0
    for person in range(people):
        first, last, born = _ranked(given, drawn), _ranked(surname, drawn), date(1970, 1, 1) + timedelta(drawn.randrange(20_000))
        right = {"first_name": first, "surname": last, "dob": born.isoformat(), "city": _ranked(cities, drawn), "email": _address(first, last, hosts, drawn)}
        for _ in range(drawn.randint(1, 7)):
            wrong = {column: _blurred(column, value, drawn, missing) for column, value in right.items()}
            if drawn.random() < 0.1:
                wrong["first_name"], wrong["surname"] = wrong["surname"], wrong["first_name"]
            yield {"unique_id": str(number), **wrong, "cluster": str(person)}
            number += 1


def records(spec: Spec, rows: Rows) -> list[Record]:
    """Rows as the records of a CSV file with them would be."""
    cells = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(cells[0]))
    writer.writeheader()
    writer.writerows(cells)
    return list(read(spec, text.getvalue().splitlines()))


def _blurred(column: str, value: str, drawn: random.Random, missing: float) -> str:
    """A cell of fake: missing, mistyped, or right; a date is off by some days, months or years. The date is never missing."""
    chance = drawn.random()
    if column == "dob":
        days = drawn.choice((1, 3, 9, 30, 31, 61, 365, 366, 3652)) * drawn.choice((-1, 1)) if chance < 0.4 else 0
        return (date.fromisoformat(value) + timedelta(days)).isoformat()
    if chance < missing:
        return ""
    return typo(value, drawn) if chance < missing + 0.25 else value


def _address(first: str, last: str, hosts: Sequence[str], drawn: random.Random) -> str:
    name = drawn.choice((f"{first}.{last}", f"{first[0]}.{last}", f"{first}{last[0]}", f"{first[0]}.{last[0]}", f"{first}{last}"))
    return f"{name}{drawn.choice(('', str(drawn.randrange(10, 99))))}@{drawn.choice(hosts)}"


def _words(drawn: random.Random, number: int, syllables: int) -> list[str]:
    """Different invented words, none longer than so many syllables."""
    found: dict[str, None] = {}
    while len(found) < number:
        parts = (drawn.choice(_ONSETS) + drawn.choice(_VOWELS) + drawn.choice(_CODAS) for _ in range(drawn.randint(max(1, syllables - 1), syllables)))
        found["".join(parts)] = None
    return list(found)


def _ranked(pool: Sequence[str], drawn: random.Random) -> str:
    """One of a pool, the first far more often than the last, as names are."""
    return pool[int(len(pool) * drawn.random() ** 2.5)]
