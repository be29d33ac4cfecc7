"""Whether state was written under this program's secret and vault: under others the same person would have other tokens, and nobody would notice."""

from __future__ import annotations

from streams.runtime.version import OtherVersion
from streams.stage import Rows, Stage

SECRET = b"\0secret"
"""Row that holds a token of a fixed text, by which a secret is known again and from which it cannot be learned."""


class OtherSecret(OtherVersion):
    """The state was written under another secret; the message says what to do."""


def known(secret: bytes, stage: Stage, partition: int, store: Rows) -> None:
    """Raise OtherSecret when a recovered state was written under another; state without the row, or no secret to compare, is not refused."""
    found = store.get(SECRET)
    if secret and found is not None and found != secret:
        raise OtherSecret(
            f"the state of stage {stage.name} on partition {partition} was written under another secret or vault: its people would get other tokens, and "
            "what is sealed of them cannot be opened. Give this worker those of this bus (LIANFANG_SECRET_FILE, LIANFANG_VAULT_FILE, LIANFANG_VAULT_KEY), "
            "or, when they are lost, read everything again on a bus of its own (LIANFANG_NAMESPACE)"
        )
