"""What was said, what was reported, and who may not speak for a while."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class ChatMessage(Model):
    """One message. Removed ones stay for the house to see, and are shown to nobody else."""

    id = fields.CharField(32, primary_key=True)
    room = fields.CharField(48)
    player_id = fields.BigIntField()
    username = fields.CharField(32)
    message = fields.CharField(500)
    sent_at = fields.DatetimeField()
    removed_at = fields.DatetimeField(null=True)
    removed_by = fields.BigIntField(null=True)

    class Meta:
        table = "chat_messages"
        indexes = (Index(fields=("room", "id")), Index(fields=("player_id", "id")))


class ChatReport(Model):
    """A player found a message wrong. Once per player and message."""

    id = fields.BigIntField(primary_key=True)
    message_id = fields.CharField(32)
    reporter_id = fields.BigIntField()
    reason = fields.CharField(200)
    reported_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "chat_reports"
        unique_together = (("message_id", "reporter_id"),)


class ChatMute(Model):
    """A player who may read but not write until then."""

    player_id = fields.BigIntField(primary_key=True, generated=False)
    until_at = fields.DatetimeField()
    reason = fields.CharField(200)
    muted_by = fields.BigIntField()

    class Meta:
        table = "chat_mutes"


class ChatRoom(Model):
    """What moderators set for a room. A room without a row has no slow mode."""

    room = fields.CharField(48, primary_key=True)
    slow_seconds = fields.IntField()

    class Meta:
        table = "chat_rooms"
