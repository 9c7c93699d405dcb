"""Which player unlocked what, and when."""

from tortoise import fields
from tortoise.models import Model


class UnlockedAchievement(Model):
    """Once per player and type: the database refuses a second."""

    id = fields.BigIntField(primary_key=True)
    player_id = fields.BigIntField()
    type = fields.CharField(32)
    round_id = fields.CharField(32)
    unlocked_at = fields.DatetimeField()
    seen_at = fields.DatetimeField(null=True)

    class Meta:
        table = "unlocked_achievements"
        unique_together = (("player_id", "type"),)
