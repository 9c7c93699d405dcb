"""Notifications as players keep them."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Notification(Model):
    """Something a player was told. `type`: achievement_unlocked, big_win, daily_bonus, system_message or promo.

    Changed only together with the player's books, which count the unread ones (`notifications_unread`).
    """

    id = fields.CharField(32, primary_key=True)
    player_id = fields.BigIntField()
    type = fields.CharField(32)
    title = fields.CharField(120)
    message = fields.CharField(500)
    icon = fields.CharField(32)
    details: fields.Field[dict[str, object]] = fields.JSONField()
    read = fields.BooleanField()
    created_at = fields.DatetimeField()

    class Meta:
        table = "notifications"
        indexes = (Index(fields=("player_id", "id")),)
