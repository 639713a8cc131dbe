"""What stands around the code agrees with it: version, licence, image, hooks."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_version_has_one_place() -> None:
    """`eipas --version` says what pyproject says, and no other file of ours has a version of its own."""
    said = subprocess.run(
        [sys.executable, "-m", "bot", "--version"], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert said.stdout.strip() == f"eipas {PROJECT['version']}"
    sources = [file for room in ("bot", "handlers", "storage") for file in (ROOT / room).rglob("*.py")]
    assert not [file for file in sources if f'"{PROJECT["version"]}"' in file.read_text(encoding="utf-8")]


def test_the_licence_is_whole() -> None:
    """The text is Apache-2.0's, and the package says so."""
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert PROJECT["license"] == "Apache-2.0"
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_every_package_is_typed() -> None:
    """Each package that the wheel has is marked as typed (PEP 561)."""
    assert all((ROOT / room / "py.typed").is_file() for room in ("bot", "handlers", "storage"))


def test_no_secret_goes_into_the_image() -> None:
    """`.env` is kept out of what the image is built from, and all stages have the one base that is named."""
    assert ".env" in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    bases = [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert set(bases) == {"${PYTHON_IMAGE}"}
    assert "PYTHON_IMAGE" in (ROOT / "docs" / "releasing.md").read_text(encoding="utf-8")


def test_the_hooks_are_the_checks_of_lint() -> None:
    """Each tool that `make lint` runs has its hook, and nothing is fetched for it."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert [repo["repo"] for repo in hooks] == ["local"]
    entries = " ".join(hook["entry"] for hook in hooks[0]["hooks"])
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").split("\nlint:")[1].split("\n\n")[0]
    for command in re.findall(r"^\t\$\((?:PY|VENV)\)(?: -m |/bin/)(ruff check|ruff format|[\w.-]+)", recipe, re.M):
        assert command in entries, command
