"""The exceptions that mean "cannot continue", each with its exit status.

A mistake in a guideline's sources is never an exception: it is a Diagnostic. What stands here ends the run.
"""

from __future__ import annotations

import errno


class MmguideError(Exception):
    """Base of all; `hint` tells the person what to do, `exit_status` is what the process ends with."""

    exit_status = 70

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(MmguideError):
    """The command line or guideline.yaml cannot be used."""

    exit_status = 2


class EnvironmentLacks(MmguideError):
    """The machine lacks something the work needs; the hint says what to install."""

    exit_status = 3


class LimitExceeded(MmguideError):
    """An engine went over its limit of time or memory."""

    exit_status = 1


class OutputFailed(MmguideError):
    """An output could not be written; what stood there before is untouched."""

    exit_status = 1


_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def no_room(error: BaseException) -> OutputFailed | None:
    """What to say where there was no room for a file; None where it is another error."""
    if not isinstance(error, OSError) or error.errno not in _NO_ROOM:
        return None
    return OutputFailed(
        f"no room is left to write: {error.strerror}", "free some space and build again; the outputs are untouched"
    )
