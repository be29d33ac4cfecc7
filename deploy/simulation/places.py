"""Where things happen: places of every kind, clinics, hospitals, ports and grid cells."""

from __future__ import annotations

from dataclasses import dataclass, field

from deploy.simulation.assumptions import Assumptions, County
from deploy.simulation.dice import zipf


@dataclass(frozen=True, slots=True)
class Place:
    """A place with a code, or a facility; `region` is its division code."""

    code: str
    kind: str
    region: str
    day: int = 0
    """For a kind that is open only on some days: the remainder of those days."""


@dataclass(slots=True)
class Area:
    """A county with everything in it; `popularity` holds running sums of weights by kind, as `zipf` makes them."""

    county: County
    communities: list[str]
    places: dict[str, list[Place]]
    popularity: dict[str, list[float]] = field(default_factory=dict)
    clinics: dict[str, Place] = field(default_factory=dict)
    """Clinic of each township."""

    @property
    def hospital(self) -> Place:
        """The county's hospital."""
        return Place(self.county.hospital, "hospital", self.county.code)

    def clinic(self, community: str | None) -> Place:
        """The clinic that people of a community go to; of the first township for who lives nowhere here."""
        return self.clinics[community[:9]] if community else next(iter(self.clinics.values()))


def areas(people: int, world: Assumptions) -> list[Area]:
    """All counties for so many people, with at least one place of each kind in each."""
    return [_area(county, max(1, people * county.share // 100), world) for county in world.counties]


def _area(county: County, people: int, world: Assumptions) -> Area:
    communities = [f"{township}{number:03d}" for township, count in county.communities.items() for number in range(1, count + 1)]
    area = Area(county, communities, {})
    for name, kind in world.kinds.items():
        count = 1 + people // kind.people_each
        area.places[name] = [
            Place(f"{kind.prefix}-{county.code}-{number + 1:02d}", name, communities[number % len(communities)], number % kind.every) for number in range(count)
        ]
        area.popularity[name] = zipf(count)
    for number, township in enumerate(county.communities, 1):
        area.clinics[township] = Place(f"CLIN-{county.code}-{number:02d}", "clinic", township)
    return area
