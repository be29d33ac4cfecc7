"""One delivery to a webhook: asked again until the receiver answers for good.

Headers: `Idempotency-Key` is equal for all attempts of one message; `Lianfang-Time` is the moment of the attempt in seconds since 1970;
`Lianfang-Signature` is the HMAC-SHA-256, in hexadecimal digits, of that time, a full stop and the body, under the secret that the agency was given.

2xx is delivered. 400, 410, 413, 415, 422 and 451 speak of this release and refuse it for good. Everything else (no whole answer, 5xx, 429, a wrong address, a
secret that is no longer known there) speaks of the way, which somebody will mend: it is asked again, as late as Retry-After says, and at least once a minute.
"""

from __future__ import annotations

import hashlib
import hmac
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import httpx

from connectors.delivery import AGAIN
from schemas.models.release import Answer

_REFUSED = {400, 410, 413, 415, 422, 451}
_LONGEST = 60.0
_FIRST = 0.2
_STEP = 0.1
_SECONDS = 10.0
_ANSWER_SECONDS = 30.0
_ANSWER_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Answered:
    """What a receiver answered in the end."""

    answer: Answer
    status: int
    attempts: int


class Receiver:
    """A webhook; for several threads at once."""

    def __init__(
        self, url: str, secret: bytes | None, sleep: Callable[[float], None] = time.sleep, attempted: Callable[[str], None] = lambda _: None
    ) -> None:
        """Take the address (http or https) and the secret, None for one that does not check; raises ValueError when they are of no use.

        `attempted` is told what came of each attempt: the answer, or AGAIN.
        """
        if httpx.URL(url).scheme not in ("http", "https") or not httpx.URL(url).host:
            raise ValueError("the address of the webhook must begin with http:// or https:// and name a host")
        if secret is not None and not secret:
            raise ValueError("the secret of the webhook is empty")
        self._url, self._secret, self._sleep, self._attempted = url, secret, sleep, attempted
        self._http = httpx.Client(timeout=httpx.Timeout(_SECONDS), trust_env=False)
        self.trouble = ""
        """What came of the latest attempt that has to be made again."""

    def deliver(self, key: str, body: bytes, stop: Callable[[], bool]) -> Answered | None:
        """Ask until there is an answer; None when told to stop before. `key` is the idempotency key, `body` the JSON."""
        attempts = 0
        while not stop():
            attempts += 1
            status, after = self._ask(key, body)
            answer = _meaning(status)
            self._attempted(answer.value if answer else AGAIN)
            if answer and status:
                return Answered(answer, status, attempts)
            backoff = min(_FIRST * 2 ** min(attempts, 10), _LONGEST) * random.uniform(0.7, 1.3)  # noqa: S311 - spreads the load, keeps no secret
            self._wait(backoff if after is None else after, stop)
        return None

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def _wait(self, seconds: float, stop: Callable[[], bool]) -> None:
        while seconds > 0 and not stop():
            self._sleep(min(_STEP, seconds))
            seconds -= _STEP

    def _ask(self, key: str, body: bytes) -> tuple[int | None, float | None]:
        """The status of one attempt (None when there was no whole answer), and for how many seconds the receiver asks to wait."""
        moment = str(int(time.time()))
        headers = {"Content-Type": "application/json", "Idempotency-Key": key, "Lianfang-Time": moment}
        if self._secret is not None:
            headers["Lianfang-Signature"] = signature(self._secret, moment, body)
        try:
            with self._http.stream("POST", self._url, content=body, headers=headers) as answer:
                _read(answer)
        except httpx.HTTPError as error:
            self.trouble = type(error).__name__
            return None, None
        self.trouble = f"status {answer.status_code}"
        return answer.status_code, _seconds(answer.headers.get("Retry-After", ""))


def _meaning(status: int | None) -> Answer | None:
    """What a status answers for good, if it does."""
    if status is not None and 200 <= status < 300:
        return Answer.DELIVERED
    return Answer.REFUSED if status in _REFUSED else None


def signature(secret: bytes, moment: str, body: bytes) -> str:
    """The signature of a body that was sent at a moment, as `Lianfang-Signature` carries it."""
    return hmac.new(secret, moment.encode() + b"." + body, hashlib.sha256).hexdigest()


def _read(answer: httpx.Response) -> None:
    """Read an answer to its end, so that one that breaks off is known; no further than is reasonable. Raises httpx.HTTPError."""
    limit, length = time.monotonic() + _ANSWER_SECONDS, 0
    for chunk in answer.iter_raw():
        length += len(chunk)
        if length > _ANSWER_BYTES or time.monotonic() > limit:
            raise httpx.ReadTimeout("the answer does not end")


def _seconds(after: str) -> float | None:
    """Seconds of a Retry-After header, which holds a number or a date; None when there is none that can be read."""
    if after.isascii() and after.isdigit():
        return min(float(after), _LONGEST)
    try:
        return min(max(parsedate_to_datetime(after).timestamp() - time.time(), 0.0), _LONGEST)
    except ValueError:
        return None
