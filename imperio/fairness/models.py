"""Seed pairs: what a player or a table draws from, and what is revealed when it is over."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class SeedPair(Model):
    """A server seed (secret until revealed) with its published hash, and the client seed beside it.

    Exactly one of `player_id` and `room_id` is set. The next nonce of a player's pair is in the books.
    """

    id = fields.CharField(32, primary_key=True)
    player_id = fields.BigIntField(null=True)
    room_id = fields.CharField(32, null=True)
    server_seed = fields.CharField(64)
    server_seed_hash = fields.CharField(64)
    client_seed = fields.CharField(64)
    last_nonce = fields.BigIntField(null=True)
    created_at = fields.DatetimeField()
    revealed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "seed_pairs"
        indexes = (Index(fields=("player_id", "revealed_at")), Index(fields=("room_id",)))
