"""One delivery to a webhook, which answers in every way it can."""

from __future__ import annotations

import hashlib
import hmac
import socket
import threading
import time
from email.utils import formatdate

import pytest

from connectors import webhook
from connectors.webhook import Answered, Receiver
from schemas.models.release import Answer
from tests.connectors.receiver import Asked, Plan, after, listening

BODY = b'{"person": "p", "id": "r"}'


def never() -> bool:
    """Nobody says stop."""
    return False


class Sleeps:
    """Remembers for how long it was to sleep, and does not."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self, seconds: float) -> None:
        """Sleep."""
        self.seconds += seconds


def delivered(plan: Plan, sleeps: Sleeps | None = None) -> tuple[Answered | None, list[Asked]]:
    """What comes of one delivery, and what the webhook was asked."""
    with listening(plan) as hook:
        receiver = Receiver(hook.url, b"secret", sleeps or Sleeps())
        answered = receiver.deliver("key-1", BODY, never)
        receiver.close()
        return answered, hook.asked


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_delivered(status: int) -> None:
    """Any 2xx is delivered, at the first attempt."""
    answered, asked = delivered(lambda _: (status, {"Content-Length": "0"}) if status == 204 else status)
    assert answered == Answered(Answer.DELIVERED, status, 1)
    assert [(one.body, one.key, one.headers["content-type"]) for one in asked] == [(BODY, "key-1", "application/json")]


@pytest.mark.parametrize("status", [400, 410, 413, 415, 422, 451])
def test_refused(status: int) -> None:
    """A status that speaks of the release refuses it for good; it is not asked again."""
    answered, asked = delivered(lambda _: status)
    assert answered == Answered(Answer.REFUSED, status, 1)
    assert len(asked) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429, 408, 425, 409, 401, 403, 404, 405, 301, 302])
def test_asked_again(status: int) -> None:
    """Everything that somebody will mend is asked again, with the same body under the same key: an outage, and a wrong secret or address as well."""
    answered, asked = delivered(after(status))
    assert answered == Answered(Answer.DELIVERED, 200, 2)
    assert [(one.body, one.key) for one in asked] == [(BODY, "key-1")] * 2


def test_half_an_answer() -> None:
    """An answer that breaks off is none: the release may not have been taken, so it is asked again."""
    answers = iter([None, None, 200])
    answered, asked = delivered(lambda _: next(answers))
    assert answered == Answered(Answer.DELIVERED, 200, 3)
    assert len(asked) == 3


def test_slow_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A receiver that takes longer than it may is asked again under the same key."""
    monkeypatch.setattr(webhook, "_SECONDS", 0.2)
    waits = iter([0.5])

    def plan(_: Asked) -> int:
        time.sleep(next(waits, 0))
        return 200

    answered, asked = delivered(plan)
    assert answered
    assert (answered.status, len(asked)) == (200, answered.attempts)
    assert answered.attempts > 1
    assert {one.key for one in asked} == {"key-1"}


def test_endless_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer without end is not read for ever, and is none."""
    monkeypatch.setattr(webhook, "_ANSWER_BYTES", 1)
    stop = threading.Event()
    with listening(lambda _: 200) as hook:
        receiver = Receiver(hook.url, None, lambda _: stop.set())
        assert receiver.deliver("key", BODY, stop.is_set) is None
        assert receiver.trouble == "ReadTimeout"
        receiver.close()


def test_nobody_there() -> None:
    """A receiver that is away is asked again until it is back."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    tries: list[float] = []
    receiver = Receiver(f"http://127.0.0.1:{port}/", None, tries.append)
    assert receiver.deliver("key", BODY, lambda: len(tries) > 20) is None
    assert receiver.trouble == "ConnectError"
    receiver.close()


@pytest.mark.parametrize(
    ("header", "low", "high"),
    [("7", 7, 7), ("0", 0, 0), ("86400", 60, 60), (30, 20, 31), (-30, 0, 0), (3600, 60, 60), ("soon", 0.2, 0.6), ("", 0.2, 0.6), ("-5", 0.2, 0.6)],
)
def test_retry_after(header: str | int, low: float, high: float) -> None:
    """Retry-After, in seconds or as a date (here so many seconds from now), says how long to wait, up to a minute; without one that can be read it is not long."""
    sleeps, answers = Sleeps(), iter([429, 200])

    def plan(_: Asked) -> tuple[int, dict[str, str]]:
        return next(answers), {"Retry-After": header if isinstance(header, str) else formatdate(time.time() + header, usegmt=True)}

    delivered(plan, sleeps)
    assert low - 0.001 <= sleeps.seconds <= high + 0.001


def test_waits_grow() -> None:
    """The waits double up to a minute, with some chance in them, so that nobody is overrun when a receiver comes back."""
    waits: list[float] = []
    sleeps = Sleeps()

    def plan(_: Asked) -> int:
        waits.append(sleeps.seconds - sum(waits))
        return 503 if len(waits) < 14 else 200

    delivered(plan, sleeps)
    for number, seconds in enumerate(waits[1:], 1):
        expected = min(0.2 * 2 ** min(number, 10), 60.0)
        assert 0.69 * expected <= seconds <= 1.31 * expected


def test_stops() -> None:
    """Told to stop, it gives up waiting at once and says that there is no answer."""
    stop = threading.Event()
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        stop.set()

    with listening(lambda _: 503) as hook:
        receiver = Receiver(hook.url, None, sleep)
        assert receiver.deliver("key", BODY, stop.is_set) is None
        assert receiver.deliver("key", BODY, stop.is_set) is None
        receiver.close()
        assert len(hook.asked) == 1
    assert len(slept) == 1


def test_signature() -> None:
    """The signature is that of time and body under the secret, anew for each attempt; without a secret there is none."""
    answered, asked = delivered(after(500))
    assert answered
    for one in asked:
        moment = one.headers["lianfang-time"]
        assert abs(int(moment) - time.time()) < 60
        assert one.headers["lianfang-signature"] == hmac.new(b"secret", f"{moment}.".encode() + BODY, hashlib.sha256).hexdigest()
    with listening(lambda _: 200) as hook:
        receiver = Receiver(hook.url, None)
        receiver.deliver("key", BODY, never)
        receiver.close()
        assert "lianfang-signature" not in hook.asked[0].headers


@pytest.mark.parametrize(("url", "secret"), [("ftp://somewhere/", b"x"), ("somewhere", b"x"), ("http://", b"x"), ("", b"x"), ("http://somewhere/", b"")])
def test_of_no_use(url: str, secret: bytes) -> None:
    """An address that is no webhook's and an empty secret are refused at the start."""
    with pytest.raises(ValueError, match="webhook"):
        Receiver(url, secret)
