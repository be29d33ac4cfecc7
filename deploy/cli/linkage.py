"""What the commands of `lianfang identity` share: specs, models and records from files, and how they are told when they are not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from pydantic import ValidationError

from deploy.cli.output import Problem, progress
from deploy.linkage.decide import reasons
from deploy.linkage.files import Read, read
from deploy.linkage.train import train
from streams.identity.model import BadModel, Model, check
from streams.identity.model import load as load_model
from streams.identity.model import shipped as shipped_model
from streams.identity.records import BadFile
from streams.identity.spec import Spec
from streams.identity.spec import load as load_spec

PEOPLE = "people"
"""Name of the spec of the bus's own people, and of its model."""
T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
FILES = click.argument("files", nargs=-1, required=True, type=EXISTING)
SPEC = click.option("--spec", "spec", required=True, help="How records are compared: the name of a spec that comes with the software, or a YAML file.")
MODEL = click.option(
    "--model", help="A model file; without it the one that comes with the software for the spec (people), or else one trained on the records, without labels."
)
WITHOUT = click.option("--without", multiple=True, metavar="COLUMN", help="A column that is left unread; once for each.")
ORDER = click.option("--order", default=1, show_default=True, help="Seed of the random order in which records come.")


def by(decorated: F) -> F:
    """The options that say who asks to see a person's values, and why."""
    decorated = click.option("--by", "by_", metavar="STAFF", help="Staff code of who looks; needed with --reason.")(decorated)
    return click.option("--reason", metavar="WORD", help=f"Show values unmasked, for a reason: {', '.join(reasons('look'))}.")(decorated)


def spec_of(name: str, without: Sequence[str] = ()) -> Spec:
    """The spec of a name or file, which does not see some columns; raises Problem."""
    try:
        spec = load_spec(name)
    except FileNotFoundError as error:
        raise Problem(f"there is no spec {name}: name one that comes with the software (febrl, fake, people) or a YAML file") from error
    except ValidationError as error:
        raise Problem(f"the spec {name} is wrong: {_problems(error)}") from error
    if unread := [column for column in without if column not in spec.columns]:
        raise Problem(f"the spec {name} reads no column {', '.join(unread)} that could be left out; it reads {', '.join(spec.columns)}")
    return spec.model_copy(update={"columns": {column: field for column, field in spec.columns.items() if column not in without}})


def model_of(name: str, spec: Spec) -> Model:
    """The model of a file or name, for a spec; raises Problem."""
    path = Path(name)
    try:
        found = load_model(path.read_bytes()) if path.is_file() else shipped_model(name)
        check(found, spec)
    except FileNotFoundError as error:
        raise Problem(f"there is no model {name}: name a file that `lianfang identity train` made, or one that comes with the software (people)") from error
    except ValidationError as error:
        raise Problem(f"{path.name} is no model: {_problems(error)}; `lianfang identity train` makes one") from error
    except BadModel as error:
        raise Problem(f"{path.name} does not fit the spec {spec.name}: {error}; train it again with `lianfang identity train --spec {spec.name}`") from error
    return found


def people() -> tuple[Spec, Model]:
    """The spec of the bus's own people and the model that comes with it."""
    return load_spec(PEOPLE), shipped_model(PEOPLE)


def records_of(spec: Spec, paths: Sequence[Path]) -> Read:
    """The records of some files; raises Problem. Columns that are not there are told."""
    try:
        found = read(spec, paths)
    except BadFile as error:
        raise Problem(str(error)) from error
    if found.missing:
        progress(f"no column {', '.join(found.missing)} in some file: what the spec reads there is missing")
    return found


def trained(spec: Spec, read: Read, names: Sequence[Path], version: int = 1) -> Model:
    """A model that is trained on records without labels; raises Problem."""
    progress(f"training on {len(read.records):,} records, without labels")
    try:
        return train(spec, [record.profile for record in read.records], ", ".join(path.name for path in names), version)
    except ValueError as error:
        raise Problem(f"no model can be learned from these records: {error}") from error


def given_or_trained(spec: Spec, model: str | None, read: Read, names: Sequence[Path]) -> Model:
    """The model that is named; or the one that comes with the software for the spec; or one trained on the records.

    A shipped model is calibrated for the people that it is shipped for. One trained on few records links more of them, and some of them wrongly.
    """
    if model:
        return model_of(model, spec)
    try:
        found = shipped_model(spec.name)
        check(found, spec)
    except (FileNotFoundError, BadModel):
        return trained(spec, read, names)
    return found


def reason_of(what: str, word: str) -> str:
    """A word of the vocabulary of reasons; raises Problem with those there are."""
    if word not in reasons(what):
        told = "; ".join(f"{one} ({chinese}, {english})" for one, (chinese, english) in reasons(what).items())
        raise Problem(f"no reason {word}; reasons are {told}")
    return word


def unmasked(reason: str | None, by_: str | None) -> bool:
    """Whether values may be shown: with a reason and a staff code; raises Problem when only one is given, or the reason is none."""
    if bool(reason) != bool(by_):
        raise Problem("values are shown for a reason to somebody: give both --reason and --by, or neither")
    return bool(reason and reason_of("look", reason))


def _problems(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, one['loc'])) or 'it'}: {one['msg']}" for one in error.errors()[:3])
