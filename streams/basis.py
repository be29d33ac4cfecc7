"""Whether a legal basis names one of the laws on which levels and measures can rest (`schemas/vocabulary/laws.yaml`), and its article."""

from __future__ import annotations

import re

from schemas.vocabulary import vocabulary

_ARTICLE = re.compile(r"\bart(?:\.|icles?)\s*\d|第\s*[\d一二三四五六七八九十百]+\s*条")


def known(basis: str) -> bool:
    """Whether it does: a name in Chinese or English, and an article such as `art. 39` or `第三十九条`."""
    return bool(_ARTICLE.search(basis)) and any(name in basis for names in vocabulary("laws").values() for name in names)


def laws() -> list[str]:
    """The names in Chinese, for whoever is asked for one."""
    return [names[0] for names in vocabulary("laws").values()]
