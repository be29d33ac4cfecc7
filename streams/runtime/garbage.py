"""When Python looks for circular garbage, in whatever computes batches."""

from __future__ import annotations

import gc


def look_seldom() -> None:
    """Look after fifty thousand objects instead of seven hundred, and never again among those that there are now.

    Those of a batch, tens of thousands, all live until its end.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
