"""The register of staff as a file of this machine: who may decide and look at what (`schemas.staff`)."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import ValidationError

from schemas import yamls
from schemas.staff import Member, NotAllowed, Role, Staff

__all__ = ("BadRegister", "Member", "NotAllowed", "Role", "Staff", "load")


class BadRegister(Exception):
    """The register is none; the message names the entry that is wrong."""


def load(path: Path) -> Staff:
    """The register of a file; raises BadRegister."""
    try:
        return Staff.model_validate(yamls.read(path.read_text("utf-8")))
    except ValidationError as error:
        says = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:3])
        raise BadRegister(f"{path}: {says}") from error
    except yaml.YAMLError as error:
        raise BadRegister(f"{path} is no YAML: {error}") from error
