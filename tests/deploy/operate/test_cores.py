"""A program that dies leaves no file of its memory."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="there are no core dumps")
def test_no_core_is_written() -> None:
    """Whatever the limit was, after the call it is none, for the process and what it starts."""
    said = "import resource; from deploy.operate.cores import without_cores; without_cores(); print(resource.getrlimit(resource.RLIMIT_CORE))"
    assert subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout == "(0, 0)\n"
