"""Balances, the ledger that explains them, and what belongs to both."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Books(Model):
    """One player's state of play, changed only by postings.

    `version` rises with each posting and guards it. The counters are kept here so that a round is one UPDATE:
    life-time figures, the current UTC day's and ISO week's (the leaderboards' scores, each with the instant it was
    reached), the streak, unlocked achievements as bits, unread notifications and what the bonuses need.
    """

    player_id = fields.BigIntField(primary_key=True, generated=False)
    version = fields.BigIntField()
    balance = fields.BigIntField()
    at_stake = fields.BigIntField()
    ledger_seq = fields.BigIntField()
    ledger_head = fields.CharField(64)

    seed_pair_id = fields.CharField(32)
    next_seed_pair_id = fields.CharField(32)
    nonce = fields.BigIntField()

    rounds = fields.BigIntField()
    wins = fields.BigIntField()
    staked = fields.BigIntField()
    returned = fields.BigIntField()
    profit = fields.BigIntField()
    best_win = fields.BigIntField()
    best_payout = fields.BigIntField()
    best_stake = fields.BigIntField()
    streak = fields.IntField()
    achievements = fields.BigIntField()
    notifications_unread = fields.BigIntField()
    coins_at = fields.DatetimeField()
    profit_at = fields.DatetimeField()
    wins_at = fields.DatetimeField()

    day = fields.DateField()
    day_rounds = fields.BigIntField()
    day_wins = fields.BigIntField()
    day_profit = fields.BigIntField()
    day_coins = fields.BigIntField()
    day_coins_at = fields.DatetimeField()
    day_profit_at = fields.DatetimeField()
    day_wins_at = fields.DatetimeField()

    week = fields.DateField()
    week_rounds = fields.BigIntField()
    week_wins = fields.BigIntField()
    week_profit = fields.BigIntField()
    week_coins = fields.BigIntField()
    week_coins_at = fields.DatetimeField()
    week_profit_at = fields.DatetimeField()
    week_wins_at = fields.DatetimeField()

    bonus_day = fields.DateField(null=True)
    bonus_streak = fields.IntField()
    refill_at = fields.DatetimeField(null=True)

    class Meta:
        table = "books"


class Transaction(Model):
    """A line of the ledger. Nothing changes or removes one: triggers refuse it on both engines."""

    id = fields.CharField(32, primary_key=True)
    player_id = fields.BigIntField()
    seq = fields.BigIntField()
    type = fields.CharField(16)
    game = fields.CharField(16, null=True)
    amount = fields.BigIntField()
    balance_before = fields.BigIntField()
    balance_after = fields.BigIntField()
    reference_id = fields.CharField(32, null=True)
    description = fields.CharField(200)
    details: fields.Field[dict[str, object]] = fields.JSONField()
    row_hash = fields.CharField(64)
    created_at = fields.DatetimeField()

    class Meta:
        table = "ledger"
        unique_together = (("player_id", "seq"),)


class DailyFigures(Model):
    """A player's day: rounds, net profit from games and the balance at its end."""

    id = fields.BigIntField(primary_key=True)
    player_id = fields.BigIntField()
    day = fields.DateField()
    rounds = fields.BigIntField()
    net_profit = fields.BigIntField()
    balance = fields.BigIntField()

    class Meta:
        table = "daily_figures"
        unique_together = (("player_id", "day"),)


class IdempotencyKey(Model):
    """The first answer to a request that moved coins, kept to be given again."""

    id = fields.BigIntField(primary_key=True)
    player_id = fields.BigIntField()
    key = fields.CharField(128)
    fingerprint = fields.CharField(64)
    status = fields.SmallIntField()
    body = fields.TextField()
    created_at = fields.DatetimeField()

    class Meta:
        table = "idempotency_keys"
        unique_together = (("player_id", "key"),)
        indexes = (Index(fields=("created_at",)),)


class OutboxEntry(Model):
    """Events that leave after the commit they were written with, and are told again if nobody did."""

    id = fields.CharField(32, primary_key=True)
    created_at = fields.DatetimeField()
    events = fields.TextField()

    class Meta:
        table = "outbox"


class PlayLimits(Model):
    """What a player allows themselves. Tightening counts at once, loosening after 24 hours (`pending`)."""

    player_id = fields.BigIntField(primary_key=True, generated=False)
    daily_loss = fields.BigIntField(null=True)
    session_minutes = fields.IntField(null=True)
    reality_check_minutes = fields.IntField(null=True)
    pending: fields.Field[dict[str, int | None] | None] = fields.JSONField(null=True)
    pending_from_at = fields.DatetimeField(null=True)
    time_out_until_at = fields.DatetimeField(null=True)

    class Meta:
        table = "play_limits"
