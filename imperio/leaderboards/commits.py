"""Notices commits of this process that may move a board."""

from ..wallet.posting import Message, Relay
from .service import Leaderboards


class BoardsRelay:
    """Hands everything on to the relay. The boards are stale before the player has the answer, so that whoever
    asks next sees the change."""

    def __init__(self, relay: Relay, leaderboards: Leaderboards) -> None:
        self._relay = relay
        self._leaderboards = leaderboards

    def told(self, outbox_id: str, messages: list[Message]) -> None:
        if any(message.topic == "_books" for message in messages):
            self._leaderboards.changed()
        self._relay.told(outbox_id, messages)
