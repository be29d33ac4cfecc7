"""Pictures of linkage as SVG, with their text as text. They need matplotlib, which is the extra `report`."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from deploy.linkage.curve import Point
from deploy.linkage.pairwise import RuleCount
from deploy.linkage.waterfall import Bar
from streams.identity.model import Model

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_UP, _DOWN, _PLAIN, _LIGHT = "#2a7f62", "#b4452c", "#33658a", "#c9d6df"
_INCHES = 0.28
"""Height of one line of bars."""


class NoPictures(Exception):
    """matplotlib is not installed; the message says how to install it."""


class Canvas:
    """A picture of one drawing."""

    def __init__(self, height: float, width: float = 8.0) -> None:
        """An empty picture, in inches. Raises NoPictures."""
        try:
            from matplotlib.figure import Figure
        except ImportError as error:
            raise NoPictures("pictures need matplotlib: install the extra, `pip install 'lianfang[report]'`") from error
        self._figure = Figure(figsize=(width, height), layout="constrained")
        self.axes: Axes = self._figure.subplots()
        self.axes.use_sticky_edges = False

    def svg(self) -> str:
        """The picture, equal for equal drawings, without the lines that stand before an SVG as a file of its own."""
        from matplotlib import rc_context

        out = io.StringIO()
        with rc_context({"svg.fonttype": "none", "svg.hashsalt": "lianfang"}):
            self._figure.savefig(out, format="svg", metadata={"Date": None})
        text = out.getvalue()
        return text[text.index("<svg") :]


def waterfall(bars: Sequence[Bar], link: float, review: float) -> str:
    """How a weight adds up, with both thresholds in bits."""
    canvas = Canvas(_INCHES * len(bars) + 1.1)
    axes = canvas.axes
    places = range(len(bars))
    ends = [bar.end - bar.start for bar in bars]
    axes.barh(places, ends, left=[bar.start for bar in bars], color=[_UP if each >= 0 else _DOWN for each in ends], height=0.7)
    _lines(axes, [bar.label for bar in bars])
    _thresholds(axes, link, review)
    axes.set_xlabel("weight in bits (log2 of the odds)")
    return canvas.svg()


def curves(points: Sequence[Point], link: float, review: float) -> str:
    """Precision and recall of compared pairs over the threshold."""
    canvas = Canvas(3.6)
    axes = canvas.axes
    bits = [point.bits for point in points]
    axes.plot(bits, [point.rates.precision for point in points], color=_PLAIN, label="precision")
    axes.plot(bits, [point.rates.recall for point in points], color=_UP, label="recall")
    axes.plot(bits, [point.rates.f1 for point in points], color=_LIGHT, linestyle="--", label="F1")
    _thresholds(axes, link, review)
    axes.set_xlabel("threshold in bits")
    axes.set_ylim(0, 1.02)
    axes.legend(loc="lower left", frameon=False)
    return canvas.svg()


def rules(counts: Sequence[RuleCount], true: int) -> str:
    """For each blocking rule the share of true pairs that it misses."""
    canvas = Canvas(_INCHES * len(counts) + 1.0)
    axes = canvas.axes
    axes.barh(range(len(counts)), [1 - count.true / true if true else 0.0 for count in counts], color=_DOWN, height=0.7)
    _lines(axes, [count.rule for count in counts])
    axes.set_xlim(0, 1)
    axes.set_xlabel("share of true pairs that the rule alone would miss")
    return canvas.svg()


def weights(model: Model) -> str:
    """What each level of each field weighs."""
    found = [(f"{name}: {level}", one.weight / 1000) for name, field in model.fields.items() for level, one in field.levels.items()]
    canvas = Canvas(_INCHES * len(found) + 1.0)
    axes = canvas.axes
    axes.barh(range(len(found)), [weight for _, weight in found], color=[_UP if weight >= 0 else _DOWN for _, weight in found], height=0.7)
    _lines(axes, [label for label, _ in found])
    axes.set_xlabel("weight in bits")
    return canvas.svg()


def _lines(axes: Axes, labels: Sequence[str]) -> None:
    """A line for each label, the first on top."""
    axes.set_yticks(range(len(labels)), labels)
    axes.invert_yaxis()
    axes.axvline(0, color="black", linewidth=0.8)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _thresholds(axes: Axes, link: float, review: float) -> None:
    for bits, name, style in ((link, "link", "-"), (review, "review", ":")):
        axes.axvline(bits, color="grey", linewidth=1, linestyle=style)
        axes.annotate(name, (bits, 1), xycoords=("data", "axes fraction"), xytext=(2, -9), textcoords="offset points", fontsize=8, color="grey")
