"""A signal in words, for whoever has to decide what to do about it."""

from __future__ import annotations

from math import floor

from schemas.models.signal import Exceeded, Method
from schemas.models.statistic import Measure

_METHODS = {Method.C1: "EARS C1", Method.C2: "EARS C2", Method.C3: "EARS C3", Method.NEGATIVE_BINOMIAL: "negative binomial"}
_METHODS_ZH = _METHODS | {Method.NEGATIVE_BINOMIAL: "负二项分布"}
_COUNTED = {Measure.REPORT: "cases reported", Measure.SYMPTOM: "people with first {}", Measure.ABSENCE: "missing because of illness"}
_COUNTED_ZH = {Measure.REPORT: "报告病例", Measure.SYMPTOM: "首次出现{}者", Measure.ABSENCE: "因病缺课、缺勤"}


def why(region: str, measure: Measure, value: str, day: str, observed: int, found: list[Exceeded]) -> tuple[str, str]:
    """In English and in Chinese: what was seen, what was expected, how often that would be chance, and what takes it back."""
    ways, ways_zh = (", ".join(names[one.method] for one in found) for names in (_METHODS, _METHODS_ZH))
    expected, most, rate = min(one.expected for one in found), floor(min(one.threshold for one in found)), min(one.false_alarms for one in found)
    often, often_zh = (f"{rate:g} times", f"约{rate:g}") if rate else ("hardly ever", "不到0.01")
    english = (
        f"{observed} {_COUNTED[measure].format(value)} in {region} on {day}, where {expected:.1f} were expected ({ways}); "
        f"by chance {often} in a year. Taken back when corrections leave no more than {most}, or raise the days before."
    )
    chinese = (
        f"{region}于{day}有{_COUNTED_ZH[measure].format(value)}{observed}人，预期{expected:.1f}人（{ways_zh}）；"
        f"偶然超过每年{often_zh}次。若订正后不超过{most}人，或此前各日订正增多，则撤回。"
    )
    return english, chinese
