"""Taking a drill away: its topics, schemas, keys and states."""

from __future__ import annotations

import shutil

from deploy.access.roles import ADMIN
from deploy.admin import admin
from deploy.bus import Bus


class NotADrill(Exception):
    """What is to be taken away is not a drill's."""


def end(bus: Bus) -> int:
    """Delete everything of a drill; returns how many topics there were. Raises NotADrill for any other bus, and Refused what the broker refuses."""
    settings = bus.settings
    part = f"drill.{settings.drill}."
    if not settings.drill or not settings.namespace.endswith(part):
        raise NotADrill("only a drill is taken away with all that is on it")
    acting = bus.acting(ADMIN)
    with admin(acting) as client:
        names = [name for name in client.list_topics() if name.startswith(settings.namespace)]
        if names:
            client.delete_topics(names)
    for subject in acting.registry.subjects():
        if subject.startswith(settings.namespace):
            acting.registry.forget(subject)
    shutil.rmtree(settings.home)
    return len(names)
