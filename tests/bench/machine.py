"""On what it was measured."""

from __future__ import annotations

import os
import platform
import sqlite3
import time
from importlib.metadata import version
from pathlib import Path

_LIBRARIES = ("slack-bolt", "slack-sdk", "uvicorn", "aiohttp", "sqlalchemy", "dbos", "apscheduler", "pydantic")


def description() -> list[str]:
    """Return lines of text; the load is the average over the last minute before the run."""
    cpu = next((line for line in _lines("/proc/cpuinfo") if line.startswith("model name")), platform.processor())
    memory = next((line for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), "")
    gigabytes = int(memory.split()[1]) / 2**20 if memory else 0
    return [
        f"Machine: {cpu.partition(':')[2].strip() or cpu}, {os.cpu_count()} cores, {gigabytes:.0f} GB, "
        f"{platform.system()} {platform.release()}; load average before the run {os.getloadavg()[0]:.2f}",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        + ", ".join(f"{name} {version(name)}" for name in _LIBRARIES),
        f"Measured on {time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())}",
    ]


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []
