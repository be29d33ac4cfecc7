"""Every agency file: a new one needs no new test."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from connectors import registry
from connectors.registry import BadFile
from schemas.agency import Agency, Webhook

AGENCIES = registry.agencies()
SHIPPED = sorted(file.name for file in files("connectors.agencies").iterdir() if file.name.endswith(".yaml"))


def test_all_are_found() -> None:
    """Each file is an agency of its name."""
    assert [f"{name}.yaml" for name in AGENCIES] == SHIPPED


@pytest.mark.parametrize("agency", AGENCIES.values(), ids=AGENCIES)
def test_purposes(agency: Agency) -> None:
    """Each purpose names the law and the article that allow it and expires, and none is declared that nothing is wanted for."""
    for purpose in agency.purposes:
        assert re.search(r"[一-鿿]+", purpose.legal_basis)
        assert "art." in purpose.legal_basis
        assert 0 < purpose.expires_days <= 365
    assert {purpose.name for purpose in agency.purposes} == {want.purpose for want in agency.wants}


@pytest.mark.parametrize("agency", AGENCIES.values(), ids=AGENCIES)
def test_says_what_it_is(agency: Agency) -> None:
    """An agency says in English and in Chinese what it is."""
    assert re.fullmatch(r"[A-Z].*\.", agency.says)
    assert re.search(r"[一-鿿].*。$", agency.says_zh)


@pytest.mark.parametrize("agency", [one for one in AGENCIES.values() if isinstance(one.deliver, Webhook)], ids=lambda one: one.name)
def test_webhooks_keep_their_secrets_elsewhere(agency: Agency) -> None:
    """Address and secret of a webhook come from the environment, each under a name of the agency's own."""
    assert isinstance(agency.deliver, Webhook)
    names = re.findall(r"\$\{(\w+)\}", agency.deliver.url + (agency.deliver.token_file or ""))
    others = [one.deliver.url for one in AGENCIES.values() if isinstance(one.deliver, Webhook) and one is not agency]
    assert len(names) == 2
    assert not [name for name in names for other in others if name in other]


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize(
    ("path", "said"),
    [((), "more: Extra inputs"), (("purposes", 0), "purposes.0.more: Extra inputs"), (("wants", 0), "wants.0.more: Extra inputs"), (("deliver",), "more: Extra inputs")],
)
def test_unknown_field_is_refused(tmp_path: Path, name: str, path: tuple[str | int, ...], said: str) -> None:
    """A field that an agency does not have is refused, with the file and the field."""
    document = yaml.safe_load(files("connectors.agencies").joinpath(name).read_text("utf-8"))
    inner = document
    for step in path:
        inner = inner[step]
    inner["more"] = "something"
    (tmp_path / name).write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    with pytest.raises(BadFile) as refused:
        registry.agencies(tmp_path)
    assert name in str(refused.value)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"purposes": [{"name": "investigation", "legal_basis": "", "expires_days": 90}]}, "purposes.0.legal_basis"),
        ({"purposes": [{"name": "investigation", "legal_basis": "a law of some kind"}]}, "purposes.0.expires_days: Field required"),
        ({"purposes": [{"name": "curiosity", "legal_basis": "a law of some kind", "expires_days": 1}]}, "no purpose declared for investigation"),
        ({"region": None}, "an agency needs a region or a facility"),
        ({"region": "5306240"}, "region: String should match"),
        ({"wants": [{"role": "case", "purpose": "investigation", "why": ["residence"], "fields": ["genome"]}]}, "unknown fields genome"),
    ],
)
def test_wrong_file_is_refused(tmp_path: Path, change: dict[str, object], said: str) -> None:
    """A purpose without legal basis or expiry, a want without its purpose, and an agency of nowhere are refused with the field."""
    document = yaml.safe_load(files("connectors.agencies").joinpath("daguan-county-cdc.yaml").read_text("utf-8"))
    (tmp_path / "daguan-county-cdc.yaml").write_text(yaml.safe_dump(document | change, allow_unicode=True), "utf-8")
    with pytest.raises(BadFile) as refused:
        registry.agencies(tmp_path)
    assert "daguan-county-cdc.yaml" in str(refused.value)
    assert said in str(refused.value)
