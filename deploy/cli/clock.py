"""`lianfang clock`."""

from __future__ import annotations

import time
from contextlib import closing
from datetime import datetime

import click

from connectors.publish import Publisher
from deploy.access import roles
from deploy.bus import Bus
from deploy.cli.output import as_json, local, millis, show
from deploy.clock import HOUR, PIECES, check, latest, tell
from deploy.moment import present
from schemas.models.control import SLOTS


@click.command()
@click.option("--at", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="How late it is, Asia/Shanghai. Unset: the last full hour.")
@click.option("--watch", is_flag=True, help="Say it every hour, until interrupted: what a service does.")
@click.option("--jump", is_flag=True, help="It is meant that time goes on by more than two days at once, or beyond the clock of this machine.")
@click.option("--pieces", default=PIECES, show_default=True, type=click.IntRange(1, SLOTS), help="Messages for each partition: more where many records expire.")
@as_json
def clock(at: datetime | None, watch: bool, jump: bool, pieces: int, json_: bool) -> None:
    """Let time pass on the bus: records that are kept no longer expire, what follows from them is taken back, and tasks become late.

    How long each kind of record is kept stands in the policy (`keep`). Without a clock nothing expires, and nothing is overdue. Time does not go back: saying
    an earlier time changes nothing.
    """
    bus = Bus(acts=roles.CLOCK)
    with closing(bus.reader()) as reader:
        last = latest(reader)
    with closing(bus.publisher()) as publisher:
        while True:
            last = _say(bus, publisher, last, at, jump, pieces, json_)
            if not watch:
                return
            at, jump = None, False
            time.sleep(HOUR / 1000 - time.time() % (HOUR / 1000) + 1)


def _say(bus: Bus, publisher: Publisher, last: int | None, at: datetime | None, jump: bool, pieces: int, json_: bool) -> int:
    clock = present(bus.settings)
    moment = millis(at) if at else clock - clock % HOUR
    if not jump:
        check(moment, last, clock)
    sent = tell(bus, publisher, moment, pieces) if last is None or moment > last else 0
    late = max(moment, last or moment)
    says = f"it is {local(late)} on the bus ({sent} messages)" if sent else f"it was {local(late)} on the bus before"
    show(json_, {"at": late, "sent": sent}, lambda: click.echo(says))
    return late
