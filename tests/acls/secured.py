"""A bus on a secured stack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from deploy.local.stack import TLS


def settings(home: Path) -> dict[str, Any]:
    """What a client needs to know of a secured stack whose folder this is, as further settings."""
    return {"protocol": "SASL_SSL", "authorities": home / TLS / "ca.pem", "principals": home / "principals"}
