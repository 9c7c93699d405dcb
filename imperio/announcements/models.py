"""What the house told everybody."""

from tortoise import fields
from tortoise.models import Model


class Announcement(Model):
    """`level`: info or warning. The id is time-ordered. `created_by`: the operator, None for the command line."""

    id = fields.CharField(32, primary_key=True)
    title = fields.CharField(120)
    message = fields.CharField(500)
    level = fields.CharField(16)
    created_by = fields.BigIntField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "announcements"
