"""Values as the tests and the simulator write them, read in the plainest way.

What neither of them writes is refused, so that a test with another form fails loudly.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pypinyin import lazy_pinyin

from schemas.vocabulary import vocabulary


class Refused(Exception):
    """The value cannot be used."""


def moment(text: str, zone: str) -> int:
    """UTC milliseconds of an ISO time, of 2020/1/20 8:05, of 2020年1月20日8时5分, of a date (its first moment), or of epoch seconds."""
    if len(text) == 10 and text.isdigit():
        return int(text) * 1000
    if written := re.fullmatch(r"(\d{4})[/年](\d{1,2})[/月](\d{1,2})日? ?(\d{1,2})[:时](\d{1,2})分?", text):
        return int(datetime(*map(int, written.groups()), tzinfo=ZoneInfo(zone)).timestamp() * 1000)  # type: ignore[arg-type, misc]
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise Refused from None
    return int((when if when.tzinfo else when.replace(tzinfo=ZoneInfo(zone))).timestamp() * 1000)


def count(text: str) -> int:
    """A whole number in digits."""
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Refused
    return int(text)


def phone(text: str) -> str:
    """A Chinese mobile number with +86 before it, or a number of a neighbour as it is."""
    digits = unicodedata.normalize("NFKC", text).replace(" ", "").replace("-", "")
    digits = digits.removeprefix("0086").removeprefix("+86")
    if len(digits) == 11 and digits.isdigit() and digits[0] == "1" and digits[1] in "3456789":
        return "+86" + digits
    if digits.startswith(("+95", "+84", "+856")) and digits[1:].isdigit() and len(digits) >= 10:
        return digits
    raise Refused


def reading(name: str) -> str:
    """The letters of a name: of each Chinese sign its reading, of Latin names the letters themselves."""
    letters = "".join(char for char in name.lower() if char.isalpha())
    read = letters if name.isascii() else "".join(lazy_pinyin(letters))
    for first in "ln":  # ü, which keyboards write v: passports have LYU and NYU, but LUE and NUE
        read = read.replace(f"{first}ve", f"{first}ue").replace(f"{first}yue", f"{first}ue").replace(f"{first}v", f"{first}yu")
    return read


def region(text: str) -> str:
    """A division code as short as what it names, or the code of a province given by its name."""
    for code, name in vocabulary("provinces").items():
        if text in (name, code):
            return str(code)
    if not text.isdigit() or len(text) not in (4, 6, 9, 12, 15) or text[:2] not in vocabulary("provinces"):
        raise Refused
    for longer, shorter in ((15, 12), (12, 9), (9, 6), (6, 4), (4, 2)):
        if len(text) == longer and int(text[shorter:]) == 0:
            text = text[:shorter]
    return text


def code(text: str) -> str:
    """A code in capitals."""
    if not all(char.isalnum() or char in "-_:./" for char in text):
        raise Refused
    return text.upper()


def port(text: str) -> str:
    """A place of the register: a port that is listed, or a path or checkpoint with a county that is, and a number."""
    said, known = code(text), vocabulary("ports")
    kind, _, rest = said.partition("-")
    county, _, number = rest.partition("-")
    numbered = kind in ("PATH", "CHECK") and county in known["counties"] and number.isdigit() and number.isascii() and len(number) <= 4
    if said not in known["ports"] and not numbered:
        raise Refused
    return said


def number(text: str) -> float:
    """A plain number, or one of degrees."""
    try:
        return float(text.removesuffix("℃"))
    except ValueError:
        raise Refused from None


def temperature(text: str) -> float:
    """A body temperature in degrees Celsius, of somebody alive."""
    if not 25 <= number(text) <= 45:
        raise Refused
    return number(text)


def symptoms(value: object) -> list[str]:
    """Our words for symptoms in a list, or in a text with commas of any sort between them; 无 is none."""
    said = value if isinstance(value, list) else re.split("[,，、]", str(value or "").replace("无", ""))
    ours = {name: word for word, names in vocabulary("symptoms").items() for name in [word, *names]}
    found = set()
    for one in said:
        if one and one not in ours:
            raise Refused
        found |= {ours[one]} if one else set()
    return sorted(found)


def born(text: str) -> str:
    """A date of birth in any of three forms, or its year and month, or its year alone; none of a day that does not exist."""
    parts = re.split("[-/年月日]", text.removesuffix(" 00:00"))
    whole = "-".join(part.zfill(2) for part in parts if part)
    if re.fullmatch(r"\d{4}", whole):
        return whole
    try:
        date.fromisoformat(f"{whole}-01" if re.fullmatch(r"\d{4}-\d\d", whole) else whole)
    except ValueError:
        raise Refused from None
    return whole


def aged(text: str, at: int, zone: str) -> str:
    """The dates of birth of who is some whole years or months old at a moment (UTC milliseconds) in a zone: each day is asked, of the years that there may be."""
    match = re.fullmatch(r"(\d+)(?:岁|(个月))?", text)
    if not match or int(match[1]) > 130:
        raise Refused
    today = datetime.fromtimestamp(at // 1000, ZoneInfo(zone)).date()
    count, months = int(match[1]), bool(match[2])
    oldest, youngest = (today.toordinal() - days for days in ((31 * (count + 2), 28 * count) if months else (366 * (count + 2), 365 * count)))
    days = [day for day in map(date.fromordinal, range(oldest, youngest + 1)) if _completed(day, today) // (1 if months else 12) == count]
    return f"{min(days)}/{max(days)}"


def band(born: str, day: str, starts: Sequence[int]) -> str:
    """In which band of ages somebody is on a day, with the years with which bands begin; '' when not all dates of birth that there may be agree on it.

    Years go by birthdays, so the earliest and the latest of these dates say it; nobody in the record is born after it.
    """
    first, _, last = born.partition("/")
    new_year = date.fromisoformat(f"{(last or first)[:4]}-01-01").toordinal()
    days = [date.fromordinal(new_year + number).isoformat() for number in range(366)]
    earliest, latest = f"{first}-01-01"[:10], min(day, max(one for one in days if one.startswith(last or first)))
    if earliest > day:
        return ""
    years = [_completed(date.fromisoformat(birth), date.fromisoformat(day)) // 12 for birth in (earliest, latest)]
    oldest, youngest = (sum(start <= count for start in starts) - 1 for count in years)
    if oldest != youngest:
        return ""
    return f"{starts[-1]}+" if starts[oldest] == starts[-1] else f"{starts[oldest]}-{starts[oldest + 1] - 1}"


def _completed(birth: date, today: date) -> int:
    """The months that somebody has completed."""
    return 12 * (today.year - birth.year) + today.month - birth.month - (today.day < birth.day)


def sex(text: str, words: Mapping[str, str]) -> str:
    """Our word for one of a source's, in any case of letters."""
    known = {word.lower(): ours for word, ours in words.items()}
    if text.lower() not in known:
        raise Refused
    return known[text.lower()]


def address(text: str) -> str:
    """An address without spaces; one of signs alone is none."""
    if not any(char.isalnum() for char in text) or len(text) > 200:
        raise Refused
    return "".join(unicodedata.normalize("NFKC", text).split())


def country(text: str) -> str:
    """Two letters, in capitals."""
    if not (len(text) == 2 and text.isascii() and text.isalpha()):
        raise Refused
    return text.upper()


def misread(text: str) -> str:
    """18 signs that look like a resident number and have another check digit than they should, or ''."""
    text = text.replace(" ", "").upper()
    looks = len(text) == 18 and text[:17].isdigit() and text[17] in "0123456789X"
    return text if looks and text[17] != check_digit(text) else ""


def resident(text: str) -> tuple[str, str, str]:
    """A resident identity number of 18 digits, or of 15 as given until 1999, with the date of birth and the sex that it implies (GB 11643)."""
    text = text.replace(" ", "").upper()
    if len(text) == 15 and text.isdigit():
        text = text[:6] + "19" + text[6:]
        text += check_digit(text + "0")
    if len(text) != 18 or not text[:17].isdigit() or text[17] != check_digit(text) or text[:2] not in vocabulary("provinces"):
        raise Refused
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        raise Refused from None
    return text, born.isoformat(), "male" if text[16] in "13579" else "female"


def check_digit(text: str) -> str:
    """The digit that makes the weighted sum of all 18 leave 1 when divided by 11; the weight of a place is 2 to the power of the places after it."""
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(text[:17]))
    return next(sign for value, sign in enumerate("0123456789X") if (total + value) % 11 == 1)


def foreign(text: str) -> str:
    """The number of another document, without spaces and signs and in capitals."""
    said = "".join(char for char in unicodedata.normalize("NFKC", text).upper() if char not in "-/()." and not char.isspace())
    if not (said.isascii() and said.isalnum()) or not 4 <= len(said) <= 20:
        raise Refused
    return said


def key(text: str) -> str:
    """A key of the bus: 32 hexadecimal digits, in small letters."""
    if len(text) != 32 or not set(text.lower()) <= set("0123456789abcdef"):
        raise Refused
    return text.lower()


def several(told: object, words: Mapping[str, str]) -> list[str]:
    """Words in a text, with commas between."""
    said = [one for one in str(told or "").replace("、", ",").split(",") if one]
    if not all(one in words for one in said):
        raise Refused
    return sorted({words[one] for one in said})


def offer(phq9: str, gad7: str) -> bool:
    """Whether support is to be offered by the answers to PHQ-9 and, where it was asked, GAD-7: ten in one of them, or the ninth of the first at all."""
    if len(phq9) != 9 or len(gad7) not in (0, 7) or not set(phq9 + gad7) <= set("0123"):
        raise Refused
    return max(sum(map(int, phq9)), sum(map(int, gad7))) >= 10 or phq9[8] != "0"
