"""Whom somebody trusts: the file of C2SP tlog-policy, read strictly; and what a checkpoint needs to be trusted."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from deploy.log.edge import Edge
from deploy.log.note import Note, Signature
from deploy.log.policy import BadPolicy, Untrusted, load, parse
from tests.deploy.log.pieces import LOG, ORIGIN, WITNESSES, policy, private, signed

TREE = Edge().grow([b"a", b"b"])[0]
KEYS = {name: str(key.public) for name, key in WITNESSES.items()}
GROUPS = f"""
# The county alone is not enough.
log {LOG.public}  https://log.example.org/
\twitness county {KEYS["county"]}
witness port {KEYS["port"]} https://port.example.org/
witness township {KEYS["township"]}
group border any port township
group both all county border
quorum both
"""


def test_a_quorum_of_nobody() -> None:
    """A quorum that is nowhere above is refused."""
    with pytest.raises(BadPolicy, match="line 2: later must stand above"):
        parse(f"log {LOG.public}\nquorum later\n")


def test_groups_of_groups() -> None:
    """The quorum may be a group of groups: the county, and one of two others."""
    found = parse(GROUPS)
    for count in range(4):
        for names in combinations(WITNESSES, count):
            enough = "county" in names and len(names) > 1
            assert found.satisfied(dict.fromkeys(names, 1)) == enough
            if enough:
                assert found.trust(signed(TREE, *names).whole).witnesses.keys() == set(names)
            else:
                with pytest.raises(Untrusted, match="the quorum is both"):
                    found.trust(signed(TREE, *names).whole)


def test_the_log_must_have_signed() -> None:
    """Witnesses alone are not enough, nor another log, nor a signature that does not hold; strangers' signatures are counted and mean nothing."""
    note = signed(TREE, "county", "port")
    assert policy().trust(note.whole).unknown == 0
    assert policy().trust(note.signed(private("stranger").sign(note, 5)).whole).unknown == 1
    with pytest.raises(Untrusted, match=f"{ORIGIN} did not sign it"):
        policy().trust(Note(note.text, note.signatures[1:]).whole)
    with pytest.raises(Untrusted, match="is not in the policy"):
        policy().trust(signed(TREE, log=private("other", LOG.kind)).whole)
    for wrong in (0, 1):
        lines = [Signature(one.name, one.number, one.data[::-1]) if at == wrong else one for at, one in enumerate(note.signatures)]
        with pytest.raises(Untrusted, match="does not hold"):
            policy().trust(Note(note.text, tuple(lines)).whole)


def test_a_witness_counts_once() -> None:
    """The same witness twice is one witness."""
    note = signed(TREE, "county")
    with pytest.raises(Untrusted):
        policy(2).trust(note.signed(WITNESSES["county"].sign(note, 7)).whole)


def test_none_means_the_log_alone() -> None:
    """A policy can say that the log's own word is enough, and must say so."""
    assert policy(0).trust(signed(TREE).whole).witnesses == {}
    with pytest.raises(BadPolicy, match="there is no line `quorum <name>`"):
        parse(f"log {LOG.public}\n")


@pytest.mark.parametrize(("line", "problem"), [
    ("logs x", "a line begins with log, witness, group, quorum or #"), ("log", "a public key"), ("log x", "not a key"), (f"log {LOG.public}", "there already"),
    (f"log {KEYS['county']}", "not that of a log"), (f"witness two {LOG.public}", "not that of a witness"), (f"witness two {KEYS['county']}", "under another name"),
    (f"witness county {private('x').public}", "the name county is taken"), (f"witness none {private('x').public}", "the name none is taken"),
    ("group g", "a group is a name"), ("group g 2 county", "2 of 1 cannot be"), ("group g 0 county", "cannot be"), ("group g ２ county port", "cannot be"),
    ("group g any county county", "members are named once"), ("group g any later", "later must stand above"), ("quorum none", "one quorum"), ("quorum a b", "one quorum"),
    (f"log {str(LOG.public)[:-4]}AAA=", "not a key"), (f"log {str(LOG.public)[:-4]}AAAA", "does not fit its own id"), (f"log {ORIGIN}+00000000+{str(LOG.public).split('+', 2)[2]}", "does not fit its own id"),
])  # fmt: skip
def test_what_is_no_policy(line: str, problem: str, tmp_path: Path) -> None:
    """A wrong line is named by its number and file, with what is wrong."""
    path = tmp_path / "policy"
    path.write_text(f"{GROUPS}{line}\n", "utf-8")
    with pytest.raises(BadPolicy, match=problem) as error:
        load(path)
    assert str(error.value).startswith(f"{path}: line 10: ")
