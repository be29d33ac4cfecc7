"""What `make generate` runs: writes everything that is generated from the contract.

With `--release`, also adds a numbered version of each schema that differs from its newest released one and the forms of the rows of every stage, and refuses
when a schema breaks with one of before, or when rows of before would be misread.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from deploy import rows
from deploy.docs import golden
from deploy.docs.asyncapi import asyncapi
from deploy.docs.catalogue import catalogue
from deploy.docs.flow import flow
from deploy.docs.shipped import ROOT, shipped
from deploy.operate import files as operate
from deploy.releases import Incompatible, text, unreleased
from schemas.avro import schema_of
from schemas.topics import MODELS

GENERATED = ROOT / "schemas" / "generated"


def documents() -> dict[Path, str]:
    """Every generated file and what belongs in it."""
    parts = shipped()
    found = {GENERATED / f"{name}.avsc": text(schema_of(model)) for name, model in MODELS.items()}
    return found | {
        ROOT / "deploy" / "catalogue.md": catalogue(parts),
        ROOT / "deploy" / "flow.md": flow(parts),
        ROOT / "schemas" / "asyncapi.yaml": asyncapi(parts),
        **operate.files(ROOT / "deploy" / "operate"),
    }


def stray() -> list[Path]:
    """Generated schemas of models that are no more."""
    return sorted(set(GENERATED.glob("*")) - documents().keys())


def release() -> dict[Path, str]:
    """The files of a release: new versions of schemas, the forms of rows, and golden bytes of the models of these and of those that have none.

    Raises Incompatible.
    """
    stages = shipped().stages
    if found := rows.broken(stages):
        raise Incompatible("\n".join(found))
    files = unreleased()
    models = {path.parent.name for path in files if path.suffix == ".avsc"} | {name for name in MODELS if not (golden.FOLDER / f"{name}.hex").exists()}
    return files | rows.unreleased(stages) | {golden.FOLDER / f"{name}.hex": golden.lines(name) for name in sorted(models)}


def write(files: Mapping[Path, str]) -> list[Path]:
    """Write what differs from what is there; returns what was written."""
    changed = [path for path, content in files.items() if not path.exists() or path.read_text("utf-8") != content]
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[path], "utf-8")
    return changed


@click.command()
@click.option("--release", "releasing", is_flag=True, help="Also add a version of each schema that differs from its newest released one.")
def main(releasing: bool) -> None:
    """Write the generated schemas, the catalogue, the diagram and the AsyncAPI document; remove schemas of models that are no more."""
    try:
        files = documents() | (release() if releasing else {})
    except Incompatible as problem:
        sys.exit(f"not released, nothing was written; these break with what was released:\n{problem}")
    for path in stray():
        path.unlink()
        click.echo(f"removed {path.relative_to(ROOT)}")
    for path in write(files):
        click.echo(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
