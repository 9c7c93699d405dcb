"""Refusals at a table; their codes are the contract's."""

from ...core.errors import AppError


class RoomNotFound(AppError):
    status = 404
    code = "room_not_found"
    title = "There is no such table"


class RoomFull(AppError):
    status = 409
    code = "room_full"
    title = "Every seat is taken"


class InvalidInvite(AppError):
    status = 403
    code = "invalid_invite"
    title = "This table needs a good invitation"


class NotSeated(AppError):
    status = 403
    code = "not_seated"
    title = "You have no seat at this table"


class NotHost(AppError):
    status = 403
    code = "not_host"
    title = "Only the host may do that"


class NotYourTurn(AppError):
    status = 409
    code = "not_your_turn"
    title = "It is not your turn"


class BettingClosed(AppError):
    status = 409
    code = "betting_closed"
    title = "No more bets"


class IllegalAction(AppError):
    status = 409
    code = "illegal_action"
    title = "That cannot be done now"


class InvalidBet(AppError):
    status = 422
    code = "invalid_bet"
    title = "That bet is not taken"


class StaleState(AppError):
    status = 409
    code = "stale_state"
    title = "The table has moved on"


class TooManyTables(AppError):
    status = 409
    code = "illegal_action"
    title = "You sit at three tables already"


class Removed(AppError):
    status = 403
    code = "illegal_action"
    title = "The host asked you to leave this table"
