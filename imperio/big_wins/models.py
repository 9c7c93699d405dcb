"""Big wins, newest first on everybody's page."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class BigWin(Model):
    """A round that paid 500 coins or more and more than its stake. The id is the round's, so the order is in time."""

    round_id = fields.CharField(32, primary_key=True)
    player_id = fields.BigIntField()
    username = fields.CharField(32)
    game = fields.CharField(16)
    amount = fields.BigIntField()
    won_at = fields.DatetimeField()

    class Meta:
        table = "big_wins"
        indexes = (Index(fields=("won_at",)),)
