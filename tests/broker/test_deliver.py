"""Delivery to a webhook from the real broker."""

from __future__ import annotations

from typing import Any

from deploy.demo.receiver import Receiver
from schemas.models.release import Receipt
from tests.broker.live import Live
from tests.broker.people import positive, scan


def _of_people(receiver: Receiver) -> list[dict[str, Any]]:
    """The releases of linked cases that the receiver holds; it is told of facts about no person besides."""
    return [release for release in receiver.held.values() if not release["bulletin"]]


def test_releases_and_retractions_reach_the_webhook(live: Live) -> None:
    """The county holds the case and its contact, and is told of the level; when the test is withdrawn it holds nobody, and every delivery has its receipt on the bus."""
    secret = live.bus.settings.home / "webhook-secret"
    secret.write_text("not very secret")
    receiver = Receiver(b"not very secret")
    try:
        live.commands.worker()
        live.commands.start("deliver", "--agency", "daguan-county-cdc", DAGUAN_CDC_URL=receiver.url, DAGUAN_CDC_TOKEN_FILE=str(secret))
        live.publish("scan-code", [scan(1, 1), scan(2, 2)])
        live.publish("lab-result", [positive(1, 1)])
        live.commands.wait(lambda: len(_of_people(receiver)) == 2, 60)
        roles = sorted(role for release in _of_people(receiver) for role in release["roles"])
        assert roles == ["case", "contact"]
        (contact,) = [release for release in _of_people(receiver) if release["roles"] == ["contact"]]
        assert contact["view"]["names"] == ["杨测试"]
        live.commands.wait(lambda: "notice.public" in {one["bulletin"]["topic"] for one in receiver.held.values() if one["bulletin"]}, 60)
        live.publish("lab-result", [positive(1, 1, revision=2) | {"state": "撤回"}])
        live.commands.wait(lambda: not _of_people(receiver), 60)
        live.settle()
        asked = sum(receiver.answers.values())
        live.commands.wait(lambda: len(live.entries("receipt")) >= asked, 30)
        receipts = [entry.value for entry in live.entries("receipt") if isinstance(entry.value, Receipt)]
        assert {(receipt.answer, receipt.status) for receipt in receipts} == {("delivered", 204)}
        assert receiver.answers == {204: asked}
    finally:
        receiver.close()
