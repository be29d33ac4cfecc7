"""How a value with several persons in it is sealed: under the key of each, one seal around the other, so that nobody opens it once one key is destroyed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cryptography.exceptions import InvalidTag

from schemas.tokens import Keys


class OtherKeys(ValueError):
    """Sealed bytes were changed, moved, or sealed under other keys; the message holds none of them."""


def wrapped(keys: Keys, subjects: Iterable[str], plain: bytes, bound: bytes) -> bytes:
    """Some bytes sealed under the present key of each subject, in order."""
    for subject in subjects:
        plain = keys.lock(subject, plain, bound)
    return plain


def unwrapped(keys: Keys, subjects: Sequence[str], sealed: bytes, bound: bytes) -> tuple[bytes | None, list[int]]:
    """What `wrapped` sealed, or None when a key was destroyed; and the generations of the keys in the order of the subjects, as far as they can be read.

    Raises OtherKeys.
    """
    generations: list[int] = []
    for subject in reversed(subjects):
        generations.insert(0, sealed[0] if sealed else 0)
        try:
            opened = keys.unlock(subject, sealed, bound)
        except InvalidTag:
            raise OtherKeys("sealed under other keys, or changed on the way") from None
        if opened is None:
            return None, generations
        sealed = opened
    return sealed, generations
