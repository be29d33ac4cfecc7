"""The report of a resident as one HTML page: it opens without a network, can be printed, and runs no script."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from html import escape
from typing import Any

from deploy.residents.report import TITLES, Document

_CHINA = timezone(timedelta(hours=8))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENTS = {"at", "until", "since", "received_at", "answered_at", "expires", "opened", "due", "onset", "reported", "left", "first", "last"}
_LABELS = {
    "topic": "主题", "at": "时间", "until": "至", "since": "起", "source": "来源", "place": "地点", "region": "地区", "says": "内容",
    "agency": "机构", "purpose": "目的", "legal_basis": "法律依据", "fields": "字段", "expires": "保存至", "retracted": "已撤回",
    "answers": "回执", "reason": "理由", "reasons": "理由", "by": "人员", "status": "状态", "timeline": "时间线", "contacts": "您的密切接触",
    "contact_of": "您接触的病例", "work": "事项", "due": "期限", "owner": "责任人", "result": "结果", "symptoms": "症状",
    "temperature": "体温", "direction": "方向", "alias": "记录编号", "person": "人员编号", "received_at": "收到时间", "version": "版本",
    "record": "记录编号", "state": "进度",
}  # fmt: skip
_STYLE = """
body { font: 14px/1.5 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em }
table { border-collapse: collapse; width: 100%; margin: 0 0 1em; break-inside: avoid }
th, td { border: 1px solid #bbb; padding: 2px 6px; text-align: left; vertical-align: top; word-break: break-word }
th { width: 14em; background: #f3f3f3 }
h2 { border-bottom: 2px solid #444; break-after: avoid }
"""
Words = Callable[[str], str]


def page(found: Document, words: Words = str) -> str:
    """The page; `words` gives one of our words with its Chinese. Moments are in China Standard Time."""
    body = "".join(_section(name, documents, words) for name, documents in found["sections"].items())
    rows = [[one["topic"], one["says"], one["kept"], str(one["messages"])] for one in found["topics"]]
    kept = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    rights = f"<p>{escape(found['rights']['zh'])}</p><p>{escape(found['rights']['en'])}</p>"
    head = f"<p>{_moment(found['at'])} (Asia/Shanghai) · {escape(found['person'] or '-')}</p>"
    return (
        f"<!doctype html><html lang=zh><meta charset=utf-8><meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>个人信息查阅报告</title><style>{_STYLE}</style><h1>个人信息查阅报告<br><small>What is held about you</small></h1>{head}{rights}{body}"
        f"<h2>每个主题 · Every topic</h2><table><tr><th>主题 topic</th><th>says</th><th>保存 kept</th><th>条数</th></tr>{kept}</table></html>\n"
    )


def _section(name: str, documents: list[Document], words: Words) -> str:
    zh, en = TITLES[name]
    inner = "".join(_table(one, words) for one in documents) or "<p>无 · nothing</p>"
    return f"<h2>{zh} · {en} ({len(documents)})</h2>{inner}"


def _table(document: Mapping[str, Any], words: Words) -> str:
    rows = [f"<tr><th>{_label(name)}</th><td>{_cell(name, value, words)}</td></tr>" for name, value in document.items() if value not in (None, "", [], {})]
    return f"<table>{''.join(rows)}</table>"


def _label(name: str) -> str:
    return escape(f"{_LABELS[name]} {name}" if name in _LABELS else name)


def _cell(name: str, value: Any, words: Words) -> str:
    if isinstance(value, Mapping):
        return _table(value, words)
    if isinstance(value, list):
        return "".join(_table(one, words) if isinstance(one, Mapping) else f"{escape(words(str(one)))}<br>" for one in value)
    if name in _MOMENTS and isinstance(value, int):
        return _moment(value)
    return escape(words(value) if isinstance(value, str) else str(value))


def _moment(millis: int) -> str:
    try:
        return (_EPOCH + timedelta(milliseconds=millis)).astimezone(_CHINA).strftime("%Y-%m-%d %H:%M")
    except OverflowError:
        return f"{millis} ms"
