"""The Grafana dashboard: rows of panels, each with PromQL over the list of metrics, what it says, and its unit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from schemas import metrics as m

_WIDE, _ROW = 24, 8


@dataclass(frozen=True)
class Panel:
    """One graph: its title, PromQL by the legend of its series, and Grafana's word for the unit."""

    title: str
    exprs: dict[str, str]
    unit: str = "short"


def _rate(metric: m.Counter[Any], by: str) -> str:
    return f"sum by ({by}) (rate({metric.name}[$__rate_interval]))"


def _late(metric: m.Histogram[Any], by: str, share: float = 0.99) -> str:
    return f"histogram_quantile({share}, sum by (le, {by}) (rate({metric.name}_bucket[$__rate_interval])))"


_REJECTED = f'sum by (topic) (rate({m.MESSAGES.name}{{verdict="rejected"}}[$__rate_interval]))'
ROWS: dict[str, tuple[Panel, ...]] = {
    "Is it well? 是否正常": (
        Panel("Ready", {"{{part}} {{instance}}": f"min by (part, instance) ({m.READY.name})"}),
        Panel("Lag, the worst partition of each stage", {"{{stage}}": f"max by (stage) ({m.LAG_SECONDS.name})"}, "s"),
        Panel("Broker silent", {"{{part}} {{instance}}": m.BROKER_SECONDS.name}, "s"),
        Panel("Inputs held", {"{{stage}} {{topic}} {{partition}}": f"max by (stage, topic, partition) ({m.HELD.name})"}),
    ),
    "Stages 处理": (
        Panel("Messages received", {"{{stage}}": _rate(m.MESSAGES, "stage")}, "cps"),
        Panel("What became of them", {"{{stage}} {{verdict}}": _rate(m.MESSAGES, "stage, verdict")}, "cps"),
        Panel("Facts written", {"{{stage}}": _rate(m.FACTS, "stage")}, "cps"),
        Panel("Messages waiting", {"{{stage}} {{topic}}": f"sum by (stage, topic) ({m.LAG_MESSAGES.name})"}),
        Panel("Messages waiting, by partition", {"{{stage}} {{partition}}": f"sum by (stage, partition) ({m.LAG_MESSAGES.name})"}),
        Panel("Batch computed, 99 %", {"{{stage}}": _late(m.COMPUTE_SECONDS, "stage")}, "s"),
        Panel("Batch committed, 99 %", {"{{stage}}": _late(m.COMMIT_SECONDS, "stage")}, "s"),
        Panel("Messages in a batch, median", {"{{stage}}": _late(m.BATCH_MESSAGES, "stage", 0.5)}),
    ),
    "Rejects 拒收": (
        Panel("Share refused", {"{{topic}}": f"{_REJECTED} / {_rate(m.MESSAGES, 'topic')}"}, "percentunit"),
        Panel("Reasons", {"{{topic}} {{reason}}": _rate(m.REJECTS, "topic, reason")}, "cps"),
    ),
    "State and recovery 状态与恢复": (
        Panel("State", {"{{stage}}": f"sum by (stage) ({m.STATE_BYTES.name})"}, "bytes"),
        Panel("Rows of state", {"{{stage}}": f"sum by (stage) ({m.STATE_ROWS.name})"}),
        Panel("Recovery: rows left", {"{{stage}} {{partition}}": f"max by (stage, partition) ({m.RECOVERY_LEFT.name})"}),
        Panel("Recovery: rows read", {"{{stage}}": _rate(m.RECOVERY_ROWS, "stage")}, "cps"),
        Panel("Recovery takes, 99 %", {"{{stage}}": _late(m.RECOVERY_SECONDS, "stage")}, "s"),
        Panel("Rebalances, rejoins, fenced batches", {
            "{{stage}} rebalances": f"sum by (stage) (increase({m.REBALANCES.name}[$__rate_interval]))",
            "{{stage}} {{failure}}": f"sum by (stage, failure) (increase({m.REJOINS.name}[$__rate_interval]))",
            "{{stage}} fenced": f"sum by (stage) (increase({m.FENCED.name}[$__rate_interval]))",
        }),
        Panel("Partitions read", {"{{stage}}": f"sum by (stage) ({m.PARTITIONS.name})"}),
        Panel("Free disk", {"{{part}} {{instance}}": f"min by (part, instance) ({m.DISK_FREE.name})"}, "bytes"),
    ),
    "Intake 接入": (
        Panel("Answers", {"{{source}} {{code}}": _rate(m.INTAKE_ANSWERS, "source, code")}, "reqps"),
        Panel("Items", {"{{source}} understood: {{accepted}}": _rate(m.INTAKE_ITEMS, "source, accepted")}, "cps"),
        Panel("Items refused", {"{{source}}: {{reason}}": _rate(m.INTAKE_REFUSED, "source, reason")}, "cps"),
        Panel("Answered in, 99 %", {"{{source}}": _late(m.INTAKE_SECONDS, "source")}, "s"),
        Panel("Waiting", {"requests": m.INTAKE_WAITING.name, "messages not acknowledged": m.PUBLISHER_WAITING.name}),
    ),
    "Delivery 分发": (
        Panel("Attempts by answer", {"{{agency}} {{answer}}": _rate(m.DELIVERIES, "agency, answer")}, "cps"),
        Panel("Outstanding", {"{{agency}}": f"max by (agency) ({m.OUTSTANDING.name})"}),
        Panel("Oldest unanswered", {"{{agency}}": f"max by (agency) ({m.OUTSTANDING_SECONDS.name})"}, "s"),
        Panel("Deliveries that ended", {"{{agency}}": f"max by (agency) ({m.DELIVERY_STOPPED.name})"}),
    ),
}  # fmt: skip


def dashboard() -> str:
    """The dashboard as Grafana imports and provisions it."""
    panels: list[dict[str, Any]] = []
    heights = accumulate((1 + _ROW * -(-len(row) // 4) for row in ROWS.values()), initial=0)
    for top, (title, row) in zip(heights, ROWS.items(), strict=False):
        place = {"x": 0, "y": top, "w": _WIDE, "h": 1}
        panels.append({"id": len(panels) + 1, "type": "row", "title": title, "collapsed": False, "gridPos": place, "panels": []})
        for number, panel in enumerate(row):
            panels.append(_panel(len(panels) + 1, panel, number % 4 * 6, top + 1 + number // 4 * _ROW))
    source = {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus", "current": {}}
    document = {"uid": "lianfang", "title": "联防 Lianfang", "tags": ["lianfang"], "schemaVersion": 39, "editable": True, "refresh": "30s",
                "timezone": "browser", "time": {"from": "now-3h", "to": "now"}, "templating": {"list": [source]}, "panels": panels}  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _panel(number: int, panel: Panel, x: int, y: int) -> dict[str, Any]:
    source = {"type": "prometheus", "uid": "${datasource}"}
    targets = [{"refId": chr(65 + at), "datasource": source, "expr": expr, "legendFormat": legend} for at, (legend, expr) in enumerate(panel.exprs.items())]
    return {"id": number, "type": "timeseries", "title": panel.title, "datasource": source, "gridPos": {"x": x, "y": y, "w": 6, "h": _ROW},
            "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []}, "targets": targets}  # fmt: skip
