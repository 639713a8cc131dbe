"""YAML by libyaml where it is there: PyYAML's own loader and dumper take half a second for a document."""

from __future__ import annotations

from typing import Any, Final

import yaml

from bot.roles.yaml_file import LOADER

DUMPER: Final = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def load(text: str | bytes) -> Any:
    """Return what a YAML document says."""
    return yaml.load(text, Loader=LOADER)


def dump(value: Any) -> str:
    """Return a value as YAML, its keys sorted as `yaml.safe_dump` sorts them."""
    return str(yaml.dump(value, Dumper=DUMPER))
