"""Line of many builds, on a cluster: one build in a process of its own; a parcel comes in, its return goes out."""

from __future__ import annotations

import os
import pickle
import sys
import tempfile
from pathlib import Path
from time import monotonic

from msgspec.structs import replace

from mmguide.errors import MmguideError
from mmguide.farm.jobs import Done
from mmguide.farm.parcels import Parcel, Return, unpacked
from mmguide.processors import share
from mmguide.shortcut import Outcome, excerpts


def build_parcel(parcel: Parcel) -> Return:
    """Build the project of a parcel in a temporary folder, in the environment that it brings."""
    from mmguide.build import build_project

    os.environ.update(parcel.environment)
    stages: list[tuple[str, float]] = []
    start = monotonic()
    with tempfile.TemporaryDirectory(prefix="mmguide-") as temporary:
        below = Path(temporary)
        folder = unpacked(parcel, below)
        try:
            options = replace(parcel.options, output=below / ".build")
            built = build_project(folder, options, lambda name, seconds: stages.append((name, seconds)))
        except MmguideError as error:
            return Return(Done(None, error, monotonic() - start, tuple(stages)))
    checked = built.checked
    outcome = Outcome(checked.diagnostics, excerpts(checked.diagnostics, checked.sources), checked.manuscript is not None)
    return Return(Done(outcome, None, monotonic() - start, tuple(stages)), built.outputs, checked.asked)


def main() -> None:
    """Take the parcel from standard input; whatever is printed meanwhile goes to standard error."""
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)
        share(int(sys.argv[1]))
        pickle.dump(build_parcel(pickle.load(sys.stdin.buffer)), out, pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main()
