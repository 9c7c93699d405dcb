"""Live tables: rooms, who sits where, and the rounds that were dealt."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Room(Model):
    """A table and everything it needs to go on, whichever worker goes on with it.

    `state` holds the round in play and the small memory of the table (see `rules.room`); `due_at` is the next instant
    at which a clock of the table runs out. `version` rises with every change.
    """

    id = fields.CharField(32, primary_key=True)
    game_type = fields.CharField(16)
    host_id = fields.BigIntField()
    max_players = fields.SmallIntField()
    private = fields.BooleanField()
    invite_code = fields.CharField(16, null=True, unique=True)
    min_stake = fields.BigIntField()
    max_stake = fields.BigIntField()
    betting_seconds = fields.SmallIntField()
    status = fields.CharField(8)
    phase = fields.CharField(8)
    version = fields.BigIntField()
    round_no = fields.BigIntField()
    deadline_at = fields.DatetimeField(null=True)
    due_at = fields.DatetimeField(null=True)
    seed_pair_id = fields.CharField(32)
    nonce = fields.BigIntField()
    spectators = fields.IntField()
    state: fields.Field[dict[str, object]] = fields.JSONField()
    active_at = fields.DatetimeField()
    created_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "rooms"
        indexes = (Index(fields=("due_at",)), Index(fields=("status", "id")))


class Seat(Model):
    """A player at a table. `stake` and `bets` are what is offered while bets are open; coins move when they close."""

    id = fields.BigIntField(primary_key=True)
    room_id = fields.CharField(32)
    player_id = fields.BigIntField()
    username = fields.CharField(32)
    session_id = fields.CharField(32)
    seat = fields.SmallIntField()
    joined_at = fields.DatetimeField()
    ready = fields.BooleanField()
    done = fields.BooleanField()
    stake = fields.BigIntField()
    bets: fields.Field[list[dict[str, object]]] = fields.JSONField()
    dropped_at = fields.DatetimeField(null=True)

    class Meta:
        table = "seats"
        unique_together = (("room_id", "player_id"), ("room_id", "seat"))
        indexes = (Index(fields=("player_id",)),)


class TableRound(Model):
    """A round of a table: its seeds, who staked what, the decisions in order (`{seat, action, by}`) and the outcome.

    `entrants` are `{seat, player_id, username, stake, round_ids}`. A race uses `nonces` numbers from `nonce` on.
    """

    id = fields.CharField(32, primary_key=True)
    room_id = fields.CharField(32)
    game = fields.CharField(16)
    status = fields.CharField(8)
    seed_pair_id = fields.CharField(32)
    server_seed_hash = fields.CharField(64)
    client_seed = fields.CharField(64)
    nonce = fields.BigIntField()
    nonces = fields.SmallIntField()
    entrants: fields.Field[list[dict[str, object]]] = fields.JSONField()
    decisions: fields.Field[list[dict[str, object]]] = fields.JSONField()
    outcome: fields.Field[dict[str, object] | None] = fields.JSONField(null=True)
    created_at = fields.DatetimeField()
    settled_at = fields.DatetimeField(null=True)

    class Meta:
        table = "table_rounds"
        indexes = (Index(fields=("room_id", "id")),)
