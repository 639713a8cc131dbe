"""The API's document as a page: every operation with its body, in one file, and whatever people wrote is words."""

from __future__ import annotations

import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.renderers.diagram.png import png
from bot.roles.backend_developer.renderers.openapi import openapi_yaml
from bot.roles.backend_developer.renderers.openapi.page import page
from tests.artefacts.blueprints import shop
from tests.artefacts.rich import clinic
from tests.artefacts.strategies import blueprints
from tests.support import quick_yaml
from tests.support.examples import examples

_ALLOWED = {
    "html": {"lang"}, "head": set(), "meta": {"charset", "http-equiv", "content", "name"}, "title": set(),
    "style": set(), "body": set(), "h1": set(), "h2": {"id"}, "h4": set(), "p": set(), "nav": set(),
    "a": {"href"}, "b": set(),
    "details": {"id"}, "summary": set(), "span": {"class"}, "code": set(), "pre": set(), "table": set(), "tr": set(),
    "th": set(), "td": set(),
}  # fmt: skip
_VOID = {"meta"}


class Reader(HTMLParser):
    """Reads a page as a browser does: its tags, its attributes and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.strange: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        strange = {name for name, _value in attrs} - _ALLOWED.get(tag, set())
        if tag not in _ALLOWED or strange:
            self.strange.append(f"{tag} {strange}")
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.strange.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_every_operation_stands_there_with_its_body() -> None:
    """Path, summary, parameters, the fields of the body with their bounds, and the answers of each operation."""
    for blueprint in (shop(), clinic()):
        document = openapi_yaml(blueprint).decode()
        found = "".join(Reader(page(document)).words)
        root = quick_yaml.load(document)
        for path, item in root["paths"].items():
            assert path in found
            for method, operation in item.items():
                if method in ("parameters", "summary"):
                    continue
                assert operation["summary"] in found
                media = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
                name = media.get("schema", {}).get("$ref", "").rpartition("/")[2]
                for field in root["components"]["schemas"].get(name, {}).get("properties", {}):
                    assert field in found, (path, method, field)


def test_the_page_needs_nothing_else() -> None:
    """No script, no style sheet, no picture and no font of elsewhere; links lead to places on the page only."""
    made = Reader(page(openapi_yaml(clinic()).decode()))
    assert made.strange == [] and made.open == []
    assert made.links and all(link.startswith("#at-") for link in made.links)


@pytest.mark.sampled
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], max_examples=examples(10))
@given(blueprint=blueprints())
def test_whatever_people_wrote_is_words(blueprint: Blueprint) -> None:
    """No text of a design becomes a tag or an attribute, and the title stands there as it was written."""
    made = Reader(page(openapi_yaml(blueprint).decode()))
    assert made.strange == [] and made.open == []
    assert blueprint.title in "".join(made.words)


def test_the_picture_is_a_png_where_a_converter_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The converter gets the drawing and its PNG is taken; one that fails or none at all leave the picture out."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(shutil, "which", lambda name: str(tmp_path / name) if (tmp_path / name).exists() else None)
    assert png("<svg/>") is None
    tool = tmp_path / "rsvg-convert"
    tool.write_text("#!/bin/sh\nprintf '\\211PNG\\r\\n\\032\\n'; cat\n")
    tool.chmod(0o700)
    assert png("<svg/>") == b"\x89PNG\r\n\x1a\n<svg/>"
    tool.write_text("#!/bin/sh\nexit 1\n")
    assert png("<svg/>") is None
