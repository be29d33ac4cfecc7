"""Pictures, and the page that holds them."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import pytest

from deploy.linkage import pictures
from deploy.linkage.beside import beside
from deploy.linkage.curve import curve
from deploy.linkage.evaluate import evaluate
from deploy.linkage.files import read
from deploy.linkage.pairwise import RuleCount
from deploy.linkage.report import report
from deploy.linkage.waterfall import PRIOR, Bar, bars, grade
from streams.identity.score import Step
from tests.deploy.linkage.people import FILE, write
from tests.streams.identity.small import SPEC, model

STEPS = [Step("", "", -6000, "few"), Step("name", "equal", 7000, "names"), Step("name", "equal", 1500, "rare"), Step("born", "different", -5000, "dates")]
SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    """All text in a picture."""
    return ["".join(one.itertext()) for one in ET.fromstring(svg).iter(f"{SVG}text")]


def test_bars_add_up() -> None:
    """Each bar begins where the one before ends, and the last ends at the weight; the second of a field is for how rare its value is."""
    found = bars(STEPS)
    assert [(one.start, one.end) for one in found] == [(0, -6), (-6, 1), (1, 2.5), (2.5, -2.5)]
    assert [one.label for one in found] == [PRIOR, "name: equal", "name: equal, how rare", "born: different"]
    assert bars([]) == []


def test_grades() -> None:
    """A pair is linked from the threshold on, unless it contradicts itself; reviewed from the other on; and else neither."""
    assert [grade(SPEC, weight, "") for weight in (8000, 7999, 2000, 1999)] == ["link", "review", "review", "no"]
    assert (grade(SPEC, 9000, "they differ"), grade(SPEC, 0, "they differ")) == ("review", "no")


def test_a_waterfall() -> None:
    """The picture is an SVG with a line for each step and both thresholds, the same each time."""
    drawn = pictures.waterfall(bars(STEPS), 8, 2)
    assert drawn.startswith("<svg")
    assert {PRIOR, "name: equal", "name: equal, how rare", "born: different", "link", "review"} <= set(texts(drawn))
    assert pictures.waterfall(bars(STEPS), 8, 2) == drawn


def test_curves_rules_and_weights() -> None:
    """Each picture names what it shows; without any pair or any truth it can be drawn too."""
    points = curve({("a", "b"): 4000, ("c", "d"): 9000}, {("c", "d")})
    assert {"precision", "recall", "F1", "link", "review"} <= set(texts(pictures.curves(points, 8, 2)))
    assert pictures.curves([], 8, 2).startswith("<svg")
    counts = [RuleCount("phone", "", 3, 2, 1, 0)]
    assert "phone" in texts(pictures.rules(counts, 4))
    assert pictures.rules(counts, 0).startswith("<svg")
    assert {"name: equal", "born: different"} <= set(texts(pictures.weights(model())))


def test_without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, what to install is said."""
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(pictures.NoPictures, match=r"lianfang\[report\]"):
        pictures.waterfall([Bar("a", "b", 0, 1, "")], 8, 2)


class Page(HTMLParser):
    """Headings of a page, and whatever it would fetch."""

    def __init__(self) -> None:
        """Nothing read."""
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what is there."""
        self.tags.append(tag)
        self.fetched += [value for name, value in attrs if value and name in {"src", "href", "xlink:href"} and not value.startswith("#")]
        self.fetched += [tag] if tag in {"script", "link", "iframe"} else []


def test_the_page(tmp_path: Path) -> None:
    """The page tells rates, misses, rules, weights and some pairs with pictures; it fetches nothing, and names nobody."""
    people = read(FILE, [write(tmp_path)])
    found = evaluate(FILE, model(), people, 3)
    text = report(FILE, model(), people, found, 3)
    page = Page()
    page.feed(text)
    assert page.fetched == []
    assert page.tags.count("svg") == 3 + 5
    assert "url(http" not in text
    assert [head for head in ("Accuracy", "Precision and recall", "What is missed", "Blocking rules", "Weights", "Some pairs") if f"<h2>{head}" not in text] == []
    assert "people.csv row 1 and people.csv row 2: +10.00 bits, link; found by birthday." in text
    assert "drawn with seed 3" in text
    assert '<td>no shared blocking key</td><td class="number">1</td>' in text
    assert not re.search("ceshi|yangben|1980|P1", text, re.IGNORECASE)


def test_two_profiles_beside_each_other() -> None:
    """Values stand side by side, masked unless they are asked for; steps add up to the weight, with grade and contradiction."""
    one, other = {"name": ["wang ceshi"], "phone": ["1"]}, {"name": ["wang ceshi"], "born": ["1980-01-01"]}
    found = beside(SPEC, model(), one, other, plain=False)
    assert found.values == {"name": (["w*** c****"], ["w*** c****"]), "phone": (["1"], []), "born": ([], ["1980-**-**"])}
    assert (found.weight, found.grade, found.contradiction, found.bars[-1].end) == (1000, "no", "", 1.0)
    assert beside(SPEC, model(), one, other, plain=True).values["born"] == ([], ["1980-01-01"])
    odd = beside(SPEC, model(), {"name": ["wang ceshi"], "born": ["1980-01-01"]}, {"name": ["li yangben"], "born": ["1951-12-23"]}, plain=False)
    assert odd.contradiction == "names and birth dates differ"
    assert odd.document()["steps"][0]["field"] == PRIOR
