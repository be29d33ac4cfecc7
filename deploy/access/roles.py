"""Names of roles. A principal of the brokers is the namespace and its role, such as `stage.cases`; a command connects as the role that it needs."""

from __future__ import annotations

from schemas import brokers

ADMIN = brokers.ADMIN
"""Makes topics and grants."""
OPERATOR = "operator"
"""Sees how the bus is, and what is on it; changes nothing."""
STEWARD = "steward"
"""Decides: on pairs, repairs, agency files; looks at a case for a reason."""
INTAKE = "intake"
"""`lianfang serve`: writes what sources send."""
REPLAY = "replay"
"""Publishes again what is on the raw topics: `lianfang replay`, and a repair that was approved."""
CARRY = "carry"
"""`lianfang tokens rotate carry`: reads the state of normalise, to carry it onto the bus whose tokens are under one secret more."""
DELIVER = "deliver"
CLOCK = "clock"
LOG = "log"
SUBSCRIBER = "subscriber"
"""A system of one's own that may read linked cases."""


def stage(name: str) -> str:
    """The role of a stage."""
    return f"stage.{name}"


def source(name: str) -> str:
    """The role of who publishes for one source."""
    return f"source.{name}"


def agency(name: str) -> str:
    """The role of an agency that reads its own topic."""
    return f"agency.{name}"
