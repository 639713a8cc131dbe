"""What stands in a document of any kind reaches the understanding by the reader of its notation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.design import Source
from bot.domain.facts import EntityFact, FieldFact, OperationFact, Standing
from bot.domain.inputs import TEXT
from bot.roles.backend_developer.understanding import Understood, read_here, sources_of
from tests.designers.samples import brief

BERTH = {
    ".sql": "CREATE TABLE berth (id uuid PRIMARY KEY, depth numeric(5,2) NOT NULL);",
    ".md": "## Berth\n\n- depth: decimal\n",
    ".txt": "Berth: depth decimal",
    ".mmd": "erDiagram\n  BERTH {\n    uuid id PK\n    decimal depth\n  }\n",
    ".dbml": "Table berth {\n  id uuid [pk]\n  depth decimal [not null]\n}\n",
    ".prisma": "model Berth {\n  id String @id\n  depth Decimal\n}\n",
    ".graphql": "type Berth {\n  id: ID!\n  depth: Float!\n}\n",
    ".ts": "export interface Berth {\n  id: string;\n  depth: number;\n}\n",
    ".py": "class Berth(BaseModel):\n    id: UUID\n    depth: Decimal\n",
    ".csv": "entity,field,type\nBerth,depth,decimal\n",
    ".puml": "@startuml\nclass Berth {\n  depth: Decimal\n}\n@enduml\n",
}
PATHS = (
    "openapi: 3.0.3\ninfo: {title: Harbour, version: '1'}\npaths:\n  /berths/{id}:\n    get:\n"
    "      summary: One berth\n      responses: {'200': {description: ok}}\n"
)


@pytest.mark.parametrize("kind", BERTH)
def test_an_entity_in_any_kind_of_document_is_understood(kind: str) -> None:
    """The berth and its depth are facts, whatever they were written in."""
    known = _known(f"uploads/harbour{kind}", BERTH[kind])
    assert any(isinstance(f, EntityFact | FieldFact) and "erth" in str(f).lower() for f in known.facts)
    assert any(isinstance(f, FieldFact) and f.name == "depth" for f in known.facts)


@pytest.mark.parametrize("kind", [".yaml", ".yml"])
def test_an_openapi_document_in_yaml_is_understood(kind: str) -> None:
    """Its operations are facts with their paths as written."""
    known = _known(f"uploads/harbour{kind}", PATHS)
    assert [f.path for f in known.facts if isinstance(f, OperationFact)] == ["/berths/{id}"]


def test_a_notation_without_a_reader_is_listed_as_not_understood() -> None:
    """What no reader knows is kept whole and invents nothing."""
    known = _known("uploads/harbour.proto", "⟦zxq⟧ ⟦qqv⟧\n")
    assert known.facts == ()
    assert {s.standing for s in known.understanding.statements} <= {Standing.NOT_UNDERSTOOD, Standing.NOTHING_SAID}


def _known(path: str, text: str) -> Understood:
    given = replace(brief({}, {}, title="Harbour"), sources=(Source(path=path, sha256="", body={TEXT: text}),))
    return read_here(sources_of(given))
