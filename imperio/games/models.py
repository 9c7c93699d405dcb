"""Rounds and what they add up to, game by game."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Round(Model):
    """One player's round, alone or at a table: everything needed to replay it.

    `decisions` are the actions of a blackjack round in order (`{action, by}`); hidden cards are never stored, they
    follow from the seeds. `outcome` is the public one.
    """

    id = fields.CharField(32, primary_key=True)
    player_id = fields.BigIntField()
    game = fields.CharField(16)
    status = fields.CharField(8)
    stake = fields.BigIntField()
    payout = fields.BigIntField()
    outcome: fields.Field[dict[str, object]] = fields.JSONField()
    decisions: fields.Field[list[dict[str, object]] | None] = fields.JSONField(null=True)
    rules = fields.CharField(16)
    seed_pair_id = fields.CharField(32)
    server_seed_hash = fields.CharField(64)
    client_seed = fields.CharField(64)
    nonce = fields.BigIntField()
    table_round_id = fields.CharField(32, null=True)
    created_at = fields.DatetimeField()
    settled_at = fields.DatetimeField(null=True)

    class Meta:
        table = "rounds"
        # One nonce, one round (a table's nonce is shared by its seats).
        unique_together = (("seed_pair_id", "nonce", "player_id"),)
        indexes = (Index(fields=("player_id", "id")),)


class GameFigures(Model):
    """A player's life-time figures in one game."""

    id = fields.BigIntField(primary_key=True)
    player_id = fields.BigIntField()
    game = fields.CharField(16)
    rounds = fields.BigIntField()
    wins = fields.BigIntField()
    staked = fields.BigIntField()
    returned = fields.BigIntField()
    best_win = fields.BigIntField()

    class Meta:
        table = "game_figures"
        unique_together = (("player_id", "game"),)
