"""When somebody has to be told: the alert rules, each with the runbook that says what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import yaml

from schemas import metrics as m


class Severity(StrEnum):
    """How soon somebody has to look."""

    PAGE = "page"
    TICKET = "ticket"


@dataclass(frozen=True)
class Alert:
    """An alert: its name, the PromQL that is true while it fires, for how long it must have been, how urgent it is, what it says, and its runbook."""

    name: str
    expr: str
    lasts: str
    severity: Severity
    says: str
    runbook: str


_PAGE, _TICKET = Severity.PAGE, Severity.TICKET

ALERTS = (
    Alert("BrokerSilent", f"{m.BROKER_SECONDS.name} > 30", "1m", _PAGE, "{{ $labels.part }} on {{ $labels.instance }} has had no answer from the broker.",
          "broker-away"),
    Alert("StageJoinsAgain", f'sum by (stage) (increase({m.REJOINS.name}{{failure!="RegistryAway"}}[10m])) > 5', "5m", _PAGE,
          "The stage {{ $labels.stage }} joins its group again and again.", "broker-away"),
    Alert("RegistryAway", f'sum(increase({m.REJOINS.name}{{failure="RegistryAway"}}[10m])) > 0', "1m", _PAGE, "Stages cannot reach the schema registry.",
          "registry-away"),
    Alert("WorkerRestarts", f'changes(process_start_time_seconds{{job="{m.Part.WORKER}"}}[15m]) > 2', "0m", _PAGE,
          "The worker on {{ $labels.instance }} ends and is started again.", "worker-dies"),
    Alert("CommandGone", f'up{{job=~"{"|".join(m.Part)}"}} == 0', "2m", _PAGE, "{{ $labels.job }} on {{ $labels.instance }} does not answer.", "worker-dies"),
    Alert("PartitionWithoutWorker", f"sum by (stage) ({m.PARTITIONS.name}) < quantile_over_time(0.9, sum by (stage) ({m.PARTITIONS.name})[1d:1m])", "10m",
          _PAGE, "Fewer partitions of {{ $labels.stage }} are read than today before.", "worker-dies"),
    Alert("StageLags", f"max by (stage) ({m.LAG_SECONDS.name}) > 60", "5m", _PAGE, "The stage {{ $labels.stage }} is over a minute behind.", "partition-lags"),
    Alert("PartitionLags", f"max by (stage) ({m.LAG_SECONDS.name}) > 4 * avg by (stage) ({m.LAG_SECONDS.name}) > 20", "10m", _TICKET,
          "One partition of {{ $labels.stage }} is far more behind than the others.", "partition-lags"),
    Alert("InputHeld", f"max by (stage, topic, partition) ({m.HELD.name}) > 0", "0m", _PAGE,
          "{{ $labels.stage }} has stopped reading {{ $labels.topic }} on partition {{ $labels.partition }}.", "input-held"),
    Alert("RejectsRise", f'sum by (topic) (rate({m.MESSAGES.name}{{verdict="rejected"}}[15m])) > 0.05 * sum by (topic) (rate({m.MESSAGES.name}[15m]))', "15m",
          _TICKET, "More than one in twenty messages of {{ $labels.topic }} is refused.", "rejects-rise"),
    Alert("StepFails", f'sum by (stage, topic) (increase({m.REJECTS.name}{{reason=~"{m.Why.FAILED}|{m.Why.UNDECODABLE}|{m.Why.WRONG_KEY}"}}[15m])) > 0', "0m",
          _TICKET, "{{ $labels.stage }} refuses messages of {{ $labels.topic }} that no connector should have written.", "rejects-rise"),
    Alert("DeliveryStopped", f"max by (agency) ({m.DELIVERY_STOPPED.name}) > 0", "0m", _PAGE, "The delivery to {{ $labels.agency }} has ended.",
          "deliveries-outstanding"),
    Alert("DeliveriesOutstanding", f"max by (agency) ({m.OUTSTANDING_SECONDS.name}) > 300", "1m", _TICKET,
          "The receiver of {{ $labels.agency }} has not answered a release for five minutes.", "deliveries-outstanding"),
    Alert("IntakeRefuses", f'sum by (source, code) (rate({m.INTAKE_ANSWERS.name}{{code=~"429|5.."}}[5m])) > 0', "5m", _PAGE,
          "The intake answers {{ $labels.code }} to publishers of {{ $labels.source }}.", "intake-refuses"),
    Alert("RecoverySlow", f"max by (stage, partition) ({m.RECOVERY_LEFT.name}) > 0", "10m", _TICKET,
          "{{ $labels.stage }} recovers partition {{ $labels.partition }} for over ten minutes.", "slow-recovery"),
    Alert("DiskFilling", f"min by (instance) ({m.DISK_FREE.name}) < 5e9 or predict_linear({m.DISK_FREE.name}[6h], 86400) < 0", "15m", _PAGE,
          "The disk of {{ $labels.instance }} is nearly full, or will be within a day.", "disk-filling"),
    Alert("NotReady", f"min by (part, instance) ({m.READY.name}) < 1", "10m", _PAGE, "{{ $labels.part }} on {{ $labels.instance }} is not ready: see /ready.",
          "worker-dies"),
    Alert("PublishersRefused", f'sum by (source) (rate({m.INTAKE_ANSWERS.name}{{code="401"}}[15m])) > 0', "15m", _TICKET,
          "Publishers send no token, or a wrong one.", "secret-wrong"),
    Alert("MeasuresRefused", f'sum(increase({m.FACTS.name}{{stage="supervision"}}[15m])) > 0 or sum({m.FACTS.name}{{stage="supervision"}} unless '
          f'{m.FACTS.name}{{stage="supervision"}} offset 15m) > 0', "0m", _PAGE,
          "Somebody asks for measures on people without evidence, more often than the policy allows.", "measures-refused"),
)  # fmt: skip


def rules() -> str:
    """The rules as Prometheus reads them."""
    group = {"name": "lianfang", "rules": [
        {"alert": f"Lianfang{one.name}", "expr": one.expr, "for": one.lasts, "labels": {"severity": one.severity.value},
         "annotations": {"summary": one.says, "runbook": f"deploy/runbooks/{one.runbook}.md"}}
        for one in ALERTS
    ]}  # fmt: skip
    notice = "# Generated by `make generate` from deploy/operate/alerts.py.\n"
    return notice + yaml.safe_dump({"groups": [group]}, sort_keys=False, allow_unicode=True, width=160)
