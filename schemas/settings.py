"""Every setting, described once, here. `lianfang settings` prints this; the environment overrides it.

`LIANFANG_BROKERS=kafka-1:9092 lianfang worker` sets `brokers`. Secrets are read from files, whose paths are settings.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from schemas import renewal
from schemas.brokers import ADMIN, Login, Protocol
from schemas.tokens import Keys
from schemas.vault.derived import Derived
from schemas.vault.local import Local
from schemas.vault.wrapping import FileWrapper


class BadSecret(FileNotFoundError):
    """The secret is missing or too short; the message says what to do."""


class Settings(BaseSettings):
    """Where the parts are and how they behave."""

    model_config = SettingsConfigDict(env_prefix="LIANFANG_", frozen=True, extra="ignore")

    home: Path = Field(default=Path(".lianfang"), description="Folder of everything the local stack and the workers keep on this machine.")
    brokers: str = Field(default="", description="Kafka bootstrap servers, host:port with commas; set it together with `registry`. Empty: the local stack.")
    registry: str = Field(default="", description="Base URL of a Confluent-compatible schema registry; set it together with `brokers`. Empty: the local stack.")
    namespace: str = Field(
        default="", description="Prefix of every topic, group and transactional id, so that several buses share one broker. One that ends in e2. is of tokens "
        "under two secrets (`lianfang tokens rotate`)."
    )
    subjects: str | None = Field(
        default=None, description="Prefix of the subjects in the schema registry; buses of one contract may share them. Unset: that of the topics, `namespace`."
    )
    drill: str = Field(
        default="", pattern=r"^([a-z][a-z0-9-]{0,30})?$",
        description="Name of a drill (`lianfang drill`): everything then happens on its topics, under its keys and in its folder, and nothing of it is real.",
    )  # fmt: skip
    partitions: int = Field(default=4, ge=1, description="Partitions of topics for which the contract names no number.")
    replication: int = Field(default=1, ge=1, description="Copies of each topic; from 3 on, two must have a record before it counts as written.")
    secret_file: Path | None = Field(
        default=None,
        description="File with 32 or more random bytes, from which the keys of tokens follow. Unset: `home`/secret, made by `lianfang up`. Those that "
        "renewed it are beside it, as secret.2 and so on.",
    )
    digest_file: Path | None = Field(
        default=None,
        description="File with 32 or more random bytes, under which bodies are digested, and which no renewal of the secret changes. Unset: `home`/digest.key, "
        "made by `lianfang up` with the secret; where there is none, the key follows from the first secret.",
    )
    vault: Literal["file", "derived"] = Field(
        default="file",
        description="file: a random key of each person, in one file for all programs of one machine; erasing destroys it. derived: keys that follow from the "
        "secret, for a bus over several machines; nobody's can be destroyed.",
    )
    vault_file: Path | None = Field(
        default=None, description="File of the keys of persons, wrapped; for all programs of this machine. Unset: `home`/vault.db, made when first used."
    )
    vault_key: Path | None = Field(
        default=None, description="File with the keys that wrap those of the vault, readable by its owner alone. Unset: `home`/vault.key, made when first used."
    )
    protocol: Protocol | None = Field(
        default=None,
        description="How to connect to the brokers: SASL_SSL (SCRAM-SHA-512 over TLS), SSL (a certificate of one's own), or PLAINTEXT, open to everybody. "
        "Unset: as the local stack runs, else PLAINTEXT.",
    )
    authorities: Path | None = Field(
        default=None, description="PEM file of who may vouch for brokers and registry. Unset: who vouches for the local stack, else those of the system."
    )
    principals: Path | None = Field(
        default=None,
        description="Folder with a file for each principal that this machine may be: NAME.secret, or with SSL NAME.crt and NAME.key. Unset: `home`/principals.",
    )
    principal: str = Field(default="", description="Connect as this principal, whatever the command is. Unset: as the one that the command needs.")
    registry_login: Path | None = Field(
        default=None, description="File with user:password, or with a bearer token, for the registry. Unset: it is asked as nobody."
    )
    policy: Path | None = Field(default=None, description="Policy file: windows, periods and thresholds. Unset: the one that is shipped.")
    sources: Path | None = Field(default=None, description="Folder of further source files. Unset: only those that are shipped.")
    agencies: Path | None = Field(default=None, description="Folder of agency files instead of those that are shipped.")
    staff: Path | None = Field(
        default=None, description="Register of staff: roles, areas and public keys; for workers too. Unset: nobody checks who decides, and it is said."
    )
    staff_key: Path | None = Field(
        default=None, description="File with the private key of who is at the keyboard, which `lianfang staff key` makes; decisions are signed with it."
    )
    approved_agencies: bool = Field(
        default=False, description="Whether worker and deliver refuse agency files that no second person approved (`lianfang agencies`). Off is for trying."
    )
    batch_size: int = Field(default=4000, ge=1, description="Most messages in one batch, which is one transaction.")
    batch_seconds: float = Field(default=0.1, gt=0, description="Seconds of processor that computing a batch may take: batches of dear messages are smaller.")
    pace: float = Field(default=0.2, ge=0, description="Least seconds between batches of a task, unless a full one waits; a quarter for what is urgent.")
    standby: str = Field(default="", description="Stages of which another worker keeps a copy of the state, with commas between.")
    state_buffer: float = Field(
        default=32.0, ge=0.1, description="Megabytes of rows that the state of a stage and partition keeps in memory before it writes a file."
    )
    state_cache: int = Field(default=256, ge=1, description="Megabytes of what was read from states that a worker keeps in memory, for all stages together.")
    session_timeout: float = Field(default=10.0, gt=0, description="Seconds without a heartbeat after which a worker's partitions move.")
    transaction_timeout: float = Field(default=30.0, gt=0, description="Seconds after which the broker aborts a transaction of a worker that is gone.")
    reject_share: float = Field(
        default=0.5, gt=0, le=1,
        description="Share of the last messages of an input, and 200 of them, over which a stage stops reading it instead of refusing more. 1: it never does.",
    )  # fmt: skip
    backlog: int = Field(
        default=1_000_000, ge=0,
        description="Messages that may wait for a stage before the intake answers 429 and `lianfang publish` waits; a source may have its own bound. 0: none.",
    )  # fmt: skip
    collect: Literal["gate", "hold"] = Field(
        default="gate",
        description="gate: the intake refuses records that the level at their place and time does not let be collected. hold: it takes them, for gates that "
        "were offline and cannot send again; they are kept sealed, and not used unless a level allows it.",
    )  # fmt: skip
    metrics_host: str = Field(default="127.0.0.1", description="Address on which worker, serve and deliver offer /metrics, /health and /ready.")
    metrics_port: int | None = Field(
        default=None, ge=0, le=65535, description="Port for /metrics, /health and /ready; 0 takes a free one, and it is told. Unset: they are not offered."
    )
    metrics_token_file: Path | None = Field(
        default=None, description="File with the bearer token that whoever asks them must send. Needed, or certificates, where others reach them."
    )
    metrics_certificate: Path | None = Field(default=None, description="PEM file with their certificate. Unset: in the clear, and it says so.")
    metrics_key: Path | None = Field(default=None, description="PEM file with the key of that certificate. Unset: it is in the same file.")
    metrics_clients: Path | None = Field(
        default=None, description="PEM file of authorities of which whoever asks them must show a certificate. Unset: none is asked for."
    )
    log_format: Literal["text", "json"] = Field(default="text", description="How worker, serve and deliver log: text, or json for one document a line.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="WARNING", description="The least level that they log, of this program.")
    log_folder: Path | None = Field(default=None, description="Folder of the log that can be proved, made anew from the bus when lost. Unset: `home`/log.")
    log_key: Path | None = Field(default=None, description="File with the log's private key, which `lianfang log key` makes. Unset: `home`/log.key.")
    log_policy: Path | None = Field(
        default=None, description="Policy file (C2SP tlog-policy) that names the log, its witnesses with their addresses, and how many must sign. Unset: none."
    )
    log_seconds: float = Field(default=1.0, gt=0, description="Least seconds between checkpoints of the log.")
    http_host: str = Field(default="127.0.0.1", description="Address on which `lianfang serve` listens.")
    http_port: int = Field(default=8420, ge=0, le=65535, description="Port on which `lianfang serve` listens; 0 takes a free one.")
    http_token_file: Path | None = Field(default=None, description="File with the bearer token that publishers must send. Unset: open, and it says so.")
    http_tokens: Path | None = Field(
        default=None, description="Folder with a file SOURCE.token for each source that may be sent; a token opens its own source alone. Unset: see above."
    )
    http_agencies: Path | None = Field(
        default=None, description="Folder with a file AGENCY.token for each agency that confirms over HTTP what it read from its topic. Unset: nobody can."
    )
    http_residents: Path | None = Field(
        default=None, description="File with the bearer token of a counter that asks what is held about a resident. Unset: nobody can ask that over HTTP."
    )
    http_messages: Path | None = Field(
        default=None, description="File with the bearer token of the gateway that delivers text messages. Unset: that of `http_token_file`, if there is one."
    )
    outposts: Path | None = Field(
        default=None, description="Register of village clinics that report by text message: numbers, phones, places. Unset: no messages are taken."
    )
    http_certificate: Path | None = Field(default=None, description="PEM file with the certificate of `lianfang serve`. Unset: in the clear, and it says so.")
    http_key: Path | None = Field(default=None, description="PEM file with the key of that certificate. Unset: it is in the same file.")
    http_clients: Path | None = Field(
        default=None, description="PEM file of authorities of which publishers must show a certificate. Unset: none is asked for."
    )
    http_patience: float = Field(default=20.0, gt=0, description="Seconds a request waits for the broker before it is answered 503.")
    http_max_bytes: int = Field(default=8 * 2**20, gt=0, description="Largest request body in bytes; a larger one is answered 413.")
    http_max_waiting: int = Field(default=64, gt=0, description="Requests handled at once, beside four of each source; more are answered 429.")

    @model_validator(mode="after")
    def _in_a_drill(self) -> Self:
        """The namespace, the folder and what is in it are those of the drill."""
        part = f"drill.{self.drill}."
        if self.drill and not self.namespace.endswith(part):  # a copy is made of what was changed already
            own: dict[str, object] = {"namespace": self.namespace + part, "home": self.home / "drills" / self.drill}
            kept = ("secret_file", "digest_file", "vault_file", "vault_key", "log_folder", "log_key", "log_policy", "principals", "principal", "subjects")
            self.__dict__.update(own | dict.fromkeys(kept))
            self.__dict__["principal"] = ""
        return self

    @property
    def subject_prefix(self) -> str:
        """Prefix of the subjects of this bus."""
        return self.namespace if self.subjects is None else self.subjects

    @property
    def stack(self) -> Path:
        """Folder of the local stack: a drill uses that of the bus beside which it is."""
        return self.home.parent.parent if self.drill else self.home

    def login(self, role: str) -> Login | None:
        """As whom a role connects to the brokers, None where it is open.

        Its principal is named by namespace and role, such as stage.cases; the administrator's by the role alone.
        Raises BadSecret when this machine may not be it, or others can read its secret.
        """
        if self.protocol in (None, "PLAINTEXT"):
            return None
        name = self.principal or (role if role == ADMIN else f"{self.namespace}{role}")
        folder = self.principals or (self.stack if role == ADMIN else self.home) / "principals"
        if self.protocol == "SSL":
            return Login(name, "", self.authorities, _private(folder / f"{name}.crt", name), _private(folder / f"{name}.key", name))
        secret = _private(folder / f"{name}.secret", name).read_text("utf-8").strip()
        if not secret:
            raise BadSecret(f"{folder / name}.secret is empty: write the principal's secret into it")
        return Login(name, secret, self.authorities)

    @cached_property
    def keys(self) -> Keys:
        """The keys of tokens, and the vault with the keys of persons.

        Raises BadSecret with what to do when a secret file is missing or too short, and VaultProblem when the vault cannot be used.
        """
        paths = [renewal.file(self.first_secret, number) for number in range(1, renewal.epoch(self.namespace) + 1)]
        if missing := [path for path in paths if not path.exists()]:
            raise BadSecret(_missing(missing[0], paths))
        try:
            secrets = [path.read_bytes() for path in paths]
            vault = Derived(secrets[-1]) if self.vault == "derived" else self._kept()
            return Keys(secrets, vault, self._digests())
        except ValueError as error:
            raise BadSecret(f"{', '.join(map(str, paths))}: {error}; LIANFANG_SECRET_FILE and LIANFANG_DIGEST_FILE name others") from error

    @property
    def first_secret(self) -> Path:
        """The file of the first secret; those that renewed it are beside it (`schemas.renewal`)."""
        return self.secret_file or self.home / "secret"

    def _kept(self) -> Local:
        return Local(self.vault_file or self.home / "vault.db", FileWrapper(self.vault_key or self.home / "vault.key"))

    def _digests(self) -> bytes:
        """The key of digests, b'' where it follows from the first secret; raises BadSecret when the file that is named is not there."""
        path = self.digest_file or self.home / "digest.key"
        if self.digest_file and not path.exists():
            raise BadSecret(f"no key of digests at {path}: bring back the file, or leave LIANFANG_DIGEST_FILE unset if this bus never had one")
        return path.read_bytes() if path.exists() else b""


def _missing(path: Path, paths: list[Path]) -> str:
    if path == paths[0]:
        return f"no secret at {path}: run `lianfang up` for a local one, or set LIANFANG_SECRET_FILE"
    return f"no secret at {path}, and LIANFANG_NAMESPACE says that tokens are under {len(paths)}: bring it from where `lianfang tokens rotate approve` made it"


def _private(path: Path, name: str) -> Path:
    """The path, when it is a file that only its owner may change or read; a certificate may be read by all."""
    if not path.exists():
        raise BadSecret(f"this command connects as {name}, and there is no {path}: `lianfang acls apply` makes it, LIANFANG_PRINCIPALS names another folder")
    if path.suffix != ".crt" and path.stat().st_mode & 0o077:
        raise BadSecret(f"{path} can be read by other users: chmod 600 {path}")
    return path
