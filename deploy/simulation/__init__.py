"""An invented outbreak: records as sources would send them, with the ground truth, by seed. Pure but for `write`.

`assumptions` says what the world is like; `places`, `people` and `population` make it; `days`, `travellers`, `spread`, `doctors` and `authorities` move it, and
`course` runs it and leaves a `history`. `everyday`, `clinical` and `journeys` say what each source records of that, `faults` (by the `manners` of each source)
what goes wrong on the way, and `telling` what was true. `outbreak` puts it together, `write` makes files of it. `load` is an endless stream of scans.
"""

from deploy.simulation.load import scans
from deploy.simulation.outbreak import Arrival, Outbreak, simulate
from deploy.simulation.truth import Truth

__all__ = ["Arrival", "Outbreak", "Truth", "scans", "simulate"]
