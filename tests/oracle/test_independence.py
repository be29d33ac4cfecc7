"""The oracle proves something only as long as it shares no code with what it judges."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

_MODULES = sorted(path for path in Path(__file__).parent.glob("*.py") if not path.name.startswith("test_"))
_ALLOWED = ("schemas.models", "schemas.agency", "schemas.source", "schemas.tokens", "schemas.vocabulary", "streams.policy", "streams.identity.kinds",
            "streams.identity.spec", "streams.identity.model", "tests.oracle")  # fmt: skip
"""Models and configuration, the keys of tokens and seals, the numbers of the policy, how two values of a kind are compared; no step and no helper of the path."""


@pytest.mark.parametrize("path", _MODULES, ids=lambda path: str(path.stem))
def test_the_oracle_imports_no_code_of_the_path(path: Path) -> None:
    """Of our own packages a module of the oracle imports only models, configuration and the oracle itself."""
    ours = [name for name in _imported(ast.parse(path.read_text("utf-8"))) if name.split(".")[0] in ("schemas", "streams", "connectors", "deploy", "tests")]
    assert not [name for name in ours if not any(name == allowed or name.startswith(allowed + ".") for allowed in _ALLOWED)]


@pytest.mark.parametrize("path", _MODULES, ids=lambda path: str(path.stem))
def test_the_oracle_uses_the_policy_only_for_its_numbers(path: Path) -> None:
    """No module of the oracle calls a method of the policy, whose code belongs to the path."""
    tree = ast.parse(path.read_text("utf-8"))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    assert not [call.attr for call in calls if isinstance(call.value, ast.Attribute | ast.Name) and "policy" in ast.unparse(call.value)]


def _imported(tree: ast.Module) -> list[str]:
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names.append(str(node.module))
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return names
