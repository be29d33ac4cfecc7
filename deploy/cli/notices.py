"""`lianfang notices`: what the public and residents are told, and the words in which it is told."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import click

from deploy import notices as read
from deploy.bus import Bus
from deploy.cli.cases import words
from deploy.cli.output import Problem, as_json, local, short, show, table
from deploy.notices import Notice
from schemas.models.notice import NoticeKind, ResidentNotice
from streams.notices.say import say
from streams.notices.text import LANGUAGES, shipped, template
from streams.policy import Policy

_PARTS = {"title": "title 标题", "text": "text 正文", "withdrawn": "when withdrawn 撤回文本"}


@click.group()
def notices() -> None:
    """What the public of an area and residents are told, by which facts, from when until when. Each is withdrawn when its reason falls.

    \b
    What is told now:                  `notices list`, with --unconfirmed what residents do not have yet
    One notice in Chinese and English: `notices show NAME`
    The texts, before they are used:   `notices preview place`

    The public hears of risk areas, levels and public places, and of nobody; a notice to a resident has a key and no name. That a resident has it is reported
    through the sources `notice-receipt` (by the resident) and `task-report` (task `notify`, `order` or `visit`).
    """  # noqa: D301 - click's mark for a paragraph to leave as it is


@notices.command("list")
@click.option("--region", metavar="CODE", default="", help="Those of a region, by division code.")
@click.option("--kind", type=click.Choice([one.value for one in NoticeKind]), help="Those about one kind of thing.")
@click.option("--unconfirmed", is_flag=True, help="Only notices to residents that nobody has confirmed, the late ones with whoever has to see to it.")
@click.option("--withdrawn", is_flag=True, help="Those that were withdrawn or are over, instead of those that stand.")
@as_json
def list_(region: str, kind: str | None, unconfirmed: bool, withdrawn: bool, json_: bool) -> None:
    """The notices that stand, by what they are about and from when."""
    found = read.chosen(_latest()[0], region, kind, open_=unconfirmed, withdrawn=withdrawn)
    rows = [(short(one.notice), words(one.kind), one.region, local(one.at), local(one.until), _about(one), *_state(one)) for one in found]
    columns = ("notice", "about 事由", "region 地区", "from 起", "until 止", "what 对象", "state 状态", "now with 上报至")
    show(json_, [one.model_dump(mode="json") for one in found], lambda: table(f"{len(found)} notices 通告与告知 (times: Asia/Shanghai)", columns, rows))


@notices.command("show")
@click.argument("name", metavar="NAME")
@as_json
def show_(name: str, json_: bool) -> None:
    """One notice by its NAME or the beginning of it, in both languages; of one that was withdrawn the words of its withdrawal."""
    found, policy = _latest()
    try:
        one = read.one_notice(found, name)
    except read.NotOne as error:
        raise Problem(str(error)) from error
    said = {language: dict(zip(("title", "text"), say(one, language, policy), strict=True)) for language in LANGUAGES}
    show(json_, one.model_dump(mode="json") | said, lambda: _side_by_side(f"{words(one.kind)} {one.notice}", said))


@notices.command("preview")
@click.argument("kind", type=click.Choice([one.value for one in NoticeKind]))
@as_json
def preview(kind: str, json_: bool) -> None:
    """The text of a KIND of notice and of its withdrawal, in both languages, with the names of its fields in place of values. Needs no bus."""
    written, fields = template(kind), shipped().fields_
    used = sorted(written.zh.fields())
    said = {}
    for language in LANGUAGES:
        marks = {name: f"[{getattr(fields[name], language)}]" for name in used}
        title = written.zh.title if language == "zh" else written.en.title
        said[language] = {"title": title, "text": written.say(language, marks), "withdrawn": written.say(language, marks, withdrawn=True)}
    about: dict[str, Any] = {"kind": kind, "version": written.version, "audience": written.audience, "fields": {name: fields[name].privacy for name in used}}
    show(json_, about | said, lambda: _side_by_side(f"{words(kind)}, version {written.version}, to the {written.audience}", said))


def _latest() -> tuple[list[Notice], Policy]:
    bus = Bus()
    with closing(bus.reader()) as reader:
        return read.latest(reader), bus.policy


def _about(one: Notice) -> str:
    if isinstance(one, ResidentNotice):
        return f"{short(one.person)}, told by {one.owner or 'nobody known'}"
    return one.place or words(one.level)


def _state(one: Notice) -> tuple[str, str | None]:
    return (words(one.state), one.escalated_to) if isinstance(one, ResidentNotice) else ("", None)


def _side_by_side(title: str, said: dict[str, dict[str, str]]) -> None:
    """Part by part the Chinese above the English: a table would cut a long line of Chinese."""
    click.echo(title)
    for part in said["zh"]:
        click.echo(f"\n{_PARTS[part]}\n  {said['zh'][part]}\n  {said['en'][part]}")
