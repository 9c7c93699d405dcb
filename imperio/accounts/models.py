"""Who plays here, and the sessions they are logged in with."""

from tortoise import fields
from tortoise.models import Model


class User(Model):
    """A person with a login. Coins and counters are in the wallet's books, not here."""

    id = fields.BigIntField(primary_key=True)
    username = fields.CharField(32)
    # Lower-cased copies: unique without regard to case, on both engines.
    username_key = fields.CharField(32, unique=True)
    email = fields.CharField(254)
    email_key = fields.CharField(254, unique=True)
    password_hash = fields.CharField(200)
    role = fields.CharField(16, default="player")
    status = fields.CharField(16, default="active")
    totp_secret = fields.CharField(64, null=True)
    totp_last_step = fields.BigIntField(null=True)
    totp_enabled_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "users"


class RecoveryCode(Model):
    """A second factor on paper: the SHA-256 of a code that works once."""

    id = fields.BigIntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="recovery_codes")
    code_hash = fields.CharField(64, unique=True)
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "recovery_codes"


class Session(Model):
    """One login: a family of rotating refresh tokens and the access tokens made from them."""

    id = fields.CharField(32, primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name="sessions")
    created_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)
    revoked_why = fields.CharField(32, null=True)
    user_agent = fields.CharField(200, default="")
    address = fields.CharField(64, default="")

    class Meta:
        table = "sessions"


class RefreshToken(Model):
    """The SHA-256 of a refresh token. A used one that comes back revokes its session."""

    token_hash = fields.CharField(64, primary_key=True)
    session: fields.ForeignKeyRelation[Session] = fields.ForeignKeyField(
        "models.Session", related_name="refresh_tokens"
    )
    created_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "refresh_tokens"


class LoginFailure(Model):
    """Failed logins in a row for one account name or address: the soft lock's memory, the same on every worker."""

    subject = fields.CharField(300, primary_key=True)
    count = fields.IntField()
    last_at = fields.DatetimeField()

    class Meta:
        table = "login_failures"
