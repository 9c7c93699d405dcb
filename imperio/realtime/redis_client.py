"""The clients of the live side are those of everybody."""

from ..core.redis import connect

__all__ = ["connect"]
