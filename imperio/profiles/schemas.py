"""The shapes of profiles, for the API's description."""

from typing import Any

from pydantic import BaseModel

from ..statistics.schemas import StatisticsView
from ..wallet.schemas import Limits


class OwnUser(BaseModel):
    id: str
    username: str
    email: str
    coins: int
    role: str
    status: str
    created_at: str


class OwnActivity(BaseModel):
    """A round in short; `/api/v1/rounds/{id}` has the whole."""

    id: str
    game: str
    status: str
    stake: int
    payout: int
    net: int
    created_at: str
    settled_at: str | None


class OwnProfile(BaseModel):
    user: OwnUser
    statistics: StatisticsView
    achievements: list[dict[str, Any]]
    recent_activity: list[OwnActivity]
    rank: dict[str, Any] | None
    limits: Limits


class PublicUser(BaseModel):
    username: str
    created_at: str


class PublicActivity(BaseModel):
    game: str
    net: int
    settled_at: str


class PublicProfile(BaseModel):
    user: PublicUser
    statistics: StatisticsView
    achievements: list[dict[str, Any]]
    recent_activity: list[PublicActivity]
    rank: dict[str, Any] | None
