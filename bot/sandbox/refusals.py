"""How the server says no: telegram-bot-api's codes and sentences."""

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

PREFIXES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


class ApiError(Exception):
    """A refused call: the HTTP status, the description, the response parameters."""

    def __init__(self, code: int, description: str, reason: str = "", **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.reason = reason or description
        self.parameters = parameters


def bad(message: str) -> ApiError:
    """A 400, its sentence written as fail_query_with_error writes it.

    >>> bad("Can't parse entities: X").description
    "Bad Request: can't parse entities: X"
    >>> bad("BUTTON_DATA_INVALID").description
    'Bad Request: BUTTON_DATA_INVALID'
    """
    second = message[1:2]
    if second != "_" and not ("A" <= second <= "Z"):
        message = message[:1].lower() + message[1:]
    return ApiError(400, f"Bad Request: {message}")


def forbidden(message: str) -> ApiError:
    return ApiError(403, f"Forbidden: {message}")


def too_many(seconds: int, reason: str) -> ApiError:
    return ApiError(
        429, f"Too Many Requests: retry after {seconds}", reason=reason, retry_after=seconds
    )
