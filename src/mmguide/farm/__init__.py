"""Line of many builds: several projects in one run, at the same time, on this machine or on a cluster that is there."""

from __future__ import annotations

from mmguide.farm.jobs import Done, Job, jobs_of
from mmguide.farm.local import build_here

__all__ = ["Done", "Job", "build_here", "jobs_of"]
