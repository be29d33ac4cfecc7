"""The diagram is drawn from the path and the contract: every stage, topic, source and agency, and every edge between them."""

from __future__ import annotations

import re

from deploy.docs.flow import flow, lines
from deploy.docs.shipped import as_written, shipped

PARTS = shipped()
LINES = list(lines(PARTS))
NODES = {match[1]: match[2] for line in LINES if (match := re.match(r'(\w+)[\[(]+"(.*)"[\])]+:::\w+$', line))}
EDGES = {(match[1], match[2]) for line in LINES if (match := re.match(r"(\w+) -->? ?(?:webhook -->)? ?(\w+)$", line))}


def drum(topic: str) -> str:
    """The node of a topic."""
    (found,) = [node for node, label in NODES.items() if topic in label.split("<br/>")]
    return found


def test_every_edge_of_the_path() -> None:
    """Each stage has an edge from each topic that it reads, and to each that it writes."""
    for stage in PARTS.stages:
        assert all((drum(as_written(topic)), f"n_{stage.name}") in EDGES for topic in stage.inputs)
        assert all((f"n_{stage.name}", drum(as_written(topic))) in EDGES for topic in stage.outputs if topic != "reject")


def test_no_edge_is_invented() -> None:
    """Each edge from or to a stage is one of the path."""
    read = {(drum(as_written(topic)), f"n_{stage.name}") for stage in PARTS.stages for topic in stage.inputs}
    write = {(f"n_{stage.name}", drum(as_written(topic))) for stage in PARTS.stages for topic in stage.outputs}
    stages = {f"n_{stage.name}" for stage in PARTS.stages}
    assert {edge for edge in EDGES if stages & set(edge)} == read | write


def test_edges_join_nodes() -> None:
    """Both ends of each edge are nodes, and no node is alone."""
    assert {end for edge in EDGES for end in edge} == set(NODES)


def test_everything_is_drawn_or_said() -> None:
    """Each source and agency is named, and each topic is drawn, or said under the diagram when every stage has it."""
    text = flow(PARTS)
    assert all(f"<i>{name}</i>" in text for name in (*PARTS.sources, *PARTS.agencies))
    aside = text.split("```")[-1]
    for name in PARTS.topics:
        assert (f"`{name}`" in aside) or drum(name)


def test_names_of_persons_are_red() -> None:
    """Exactly the topics that are marked identified are drawn as such."""
    red = {topic for line in LINES if line.endswith(":::identified") for topic in NODES[line.split("[")[0]].split("<br/>")}
    assert red == {name for name, topic in PARTS.topics.items() if topic.privacy == "identified"} - {"state.*"}
