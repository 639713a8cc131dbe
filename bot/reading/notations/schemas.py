"""JSON Schema, inside OpenAPI and by itself: entities, their fields and relations, and what is only a form of them.

`NewArticle`, `ArticleResponse` and `MultipleArticlesResponse` are forms of `Article`: what a request or a response
wraps around it. Errors and pages are of no entity.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.domain.facts import ConventionFact, EntityFact, RelationFact, Standing
from bot.reading.names import name_key, singular, vocabulary, words
from bot.reading.notations import openapi_extensions as extensions
from bot.reading.notations.notes import Notes
from bot.reading.notations.schema_fields import SchemaFields
from bot.reading.notations.schema_nodes import (
    DEEPEST,
    Named,
    is_object,
    key_start,
    line_end,
    maps_of,
    properties,
    ref_name,
    texts_of,
)
from bot.reading.notations.trees import Node

_PREFIXES = vocabulary(
    "new create update patch upsert edit add register multiple single paginated paged partial base full raw minimal "
    "simple list get post put save modify insert many all bulk batch"
)
_SUFFIXES = vocabulary(
    "response request list page paginated collection create update patch input output payload body dto read write in "
    "out form result results details envelope wrapper base public short full resource schema data params create "
    "req res resp reply model db array set summary info view vm entity created updated"
)
_ALWAYS = vocabulary("response request input output payload dto envelope wrapper body req res resp new")
"""Words that make a form of whatever they stand with, even where the plain name is no schema of the document."""
_VERB_FORMS = vocabulary("create update patch upsert add edit")
_OF_NOTHING = re.compile(
    r"(?:^|_)(?:errors?|error_(?:model|response|detail|object|code|info)|problem|problem_details?|api_response|"
    r"validation_error|generic_error_model|pagination|page_info|paging|meta|metadata|links?|cursor|success|"
    r"page_meta|empty|status_response|http_validation_error|error_message|fault)$"
    r"|^(?:user_)?(?:login|log_in|sign_in|signin|credentials?|auth|authentication|(?:access_|refresh_|auth_|"
    r"bearer_)?tokens?|"
    r"(?:change|reset|forgot|update)_password)(?:_(?:user|request|response|data|input|dto|form|body|payload|pair))*$"
)
"""Names of what is no entity: errors, pages, and what people sign in with."""
_WRAPPING = (_SUFFIXES | {"new", "multiple", "single"}) - {"base", "summary", "info"}
_COUNTING = vocabulary(
    "total count page pages limit offset size next previous prev has per cursor meta success message status code links "
    "error errors more pagination"
)
"""Words of properties that an envelope has beside what it wraps."""
_MOST_IN_ENVELOPE = 12
_MOST_PROPERTIES = 10_000
"""Properties of one text that are read; the rest of the schema that has one more is one statement."""


@dataclass(frozen=True, slots=True)
class _Marks:
    """The fields that a schema names as its key and as unique."""

    key: frozenset[str] = frozenset()
    unique: frozenset[str] = frozenset()


class Schemas:
    """The named schemas of a document, and what is read of them."""

    def __init__(self, notes: Notes, named: dict[str, tuple[Node, Node]], root: Node) -> None:
        self._notes = notes
        self._root = root
        self.named = {name: Named(name, key, value) for name, (key, value) in named.items()}
        self.fields = SchemaFields(self.named)
        self._by_key = {name_key(name): name for name in self.named}
        self._marks: dict[str, _Marks] = {}
        self._told = {one.value.said("x-entity") for one in self.named.values()}
        self._held: set[tuple[str, str]] = set()
        self._read = 0
        for one in self.named.values():
            one.entity, one.is_list = self._entity_of(one.name, one.value, 0)
            if one.entity and (marked := one.value.get("x-key", "x-unique")) is not None and marked.kind == "list":
                keys, unique = one.value.get("x-key"), one.value.get("x-unique")
                self._marks[one.entity] = _Marks(frozenset(texts_of(keys)), frozenset(texts_of(unique)))

    # --- which entity -------------------------------------------------------------------------------------------

    def _entity_of(self, name: str, value: Node, depth: int) -> tuple[str, bool]:
        """Return the entity that a named schema is or is a form of, and whether it is a list of it."""
        said = value.said("x-entity")
        if value.get("x-entity") is not None or depth > DEEPEST or _OF_NOTHING.search("_".join(words(name))):
            return said, False
        if target := ref_name(value):
            found = self.named.get(target)
            return self._entity_of(target, found.value, depth + 1) if found else (target, False)
        if value.said("type") == "array" or (value.get("items") and not value.get("properties")):
            items = value.get("items")
            entity, _ = self.entity(items, depth + 1) if items is not None else ("", False)
            return entity, bool(entity)
        if not is_object(value):
            return "", False
        if wrapped := self._wrapped(name, value, depth):
            return wrapped
        return self._base(name, value), False

    def _wrapped(self, name: str, value: Node, depth: int) -> tuple[str, bool] | None:
        """Return what an envelope wraps: the one reference among properties that are otherwise of no entity."""
        found = [*properties(value)]
        if len(found) > _MOST_IN_ENVELOPE:
            return None
        refs = [
            (key, child)
            for key, child in found
            if child.kind == "map"
            and (ref_name(child) or ref_name(child.get("items") or child) or self._listed(key, child))
        ]
        says_so = bool(set(words(name)) & _WRAPPING)
        if not refs:
            return None
        told: list[tuple[str, bool]] = []
        for key, child in refs:
            entity, is_list = self.entity(child, depth + 1)
            if not entity and (listed := self._listed(key, child)):
                entity, is_list = listed, True
            if entity:
                told.append((entity, is_list))
        plain = [key.text for key, child in found if all(key is not one for one, _ in refs)]
        counts = all(set(words(key)) & _COUNTING for key in plain)
        says_so = says_so or len(found) == 1 or (bool(plain) and told != [] and told[0][1])
        return told[0] if says_so and counts and len({entity for entity, _ in told}) == 1 else None

    def _listed(self, key: Node, value: Node) -> str:
        """Return the entity that a property lists by its name: ``articles: [{…}]`` where there is an Article."""
        items = value.get("items")
        if items is None or items.get("properties") is None:
            return ""
        known = self._by_key.get(name_key(key.text), "")
        return known if known and is_object(self.named[known].value) else ""

    def _base(self, name: str, value: Node) -> str:
        """Return the name without what makes a form of it; where the rest is no schema, only where the word says so."""
        parts = [match.group() for match in re.finditer(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[^A-Za-z0-9]+", name)]
        told: set[str] = set()
        while len(parts) > 1:
            last, first = parts[-1].lower(), parts[0].lower()
            if last in _SUFFIXES or not last.isalnum():
                told.add(last)
                parts = parts[:-1]
            elif first in _PREFIXES or not first.isalnum():
                told.add(first)
                parts = parts[1:]
            else:
                break
            known = self._by_key.get(name_key("".join(parts)))
            if known is not None and known != name and is_object(self.named[known].value):
                return known
        if told & _ALWAYS or (told & _VERB_FORMS and self._is_told_elsewhere(parts, name)):
            rest = "".join(parts)
            return singular(rest) if rest else name
        return name

    def _is_told_elsewhere(self, parts: list[str], name: str) -> bool:
        """Whether another schema is a form of the same rest (``UserCreate`` beside ``UserRead``)."""
        key = name_key("".join(parts))
        return any(other != name and name_key(other).startswith(key) for other in self.named)

    def entity(self, value: Node, depth: int = 0) -> tuple[str, bool]:
        """Return the entity that a schema in place speaks of, and whether it is a list of it."""
        if depth > DEEPEST:
            return "", False
        if target := ref_name(value):
            return self._entity_of_reference(target, depth)
        if (items := value.get("items")) is not None:
            entity, _ = self.entity(items, depth + 1)
            return entity, bool(entity)
        parts = [part for key in ("allOf", "oneOf", "anyOf") for part in maps_of(value.get(key))]
        told = next((one for part in parts if (one := self.entity(part, depth + 1))[0]), None)
        if told:
            return told
        if value.get("properties") is not None and (wrapped := self._wrapped("Response", value, depth + 1)):
            return wrapped
        return "", False

    def _entity_of_reference(self, target: str, depth: int) -> tuple[str, bool]:
        """Return the entity of the schema that a reference names, whether the document has it or not."""
        found = self.named.get(target)
        if found is None:
            return ("", False) if _OF_NOTHING.search("_".join(words(target))) else (target, False)
        return (found.entity, found.is_list) if found.entity else self._entity_of(target, found.value, depth + 1)

    # --- statements ---------------------------------------------------------------------------------------------

    def read_named(self) -> None:
        """Note every named schema: entities and their fields, forms, enums."""
        for one in self.named.values():
            if is_object(one.value) and one.entity:
                self._read_object(one)
            elif _OF_NOTHING.search("_".join(words(one.name))):
                self._read_error(one)
        for one in self.named.values():
            if not is_object(one.value):
                self._read_alias(one)

    def _read_object(self, one: Named) -> None:
        """Note a schema that is an entity or a form of one, property by property."""
        inner = [*properties(one.value)]
        statement = self._say_head(one, inner)
        words, plural = one.value.said("description"), one.value.said("x-plural")
        self._notes.add(EntityFact(statement=statement, name=one.entity, plural=plural, description=words))
        if one.is_list or (not one.value.said("x-entity") and self._wrapped(one.name, one.value, 0)):
            return
        extensions.read_rules(self._notes, one.entity, one.value)
        for node, schema, link in extensions.links(one.value):
            said = self._notes.say(node.start, node.end)
            fields = self.fields.of(schema, said) if schema is not None else ()
            self._notes.add(replace(link, statement=said, fields=fields))
        self._read_properties(one.entity, one.value, statement, is_form=one.is_form, depth=0)

    def _read_properties(self, entity: str, value: Node, statement: str, *, is_form: bool, depth: int) -> None:
        """Note the properties of a schema and of those it is composed of."""
        if depth > DEEPEST:
            return
        required = set(texts_of(value.get("required")))
        for key, child in properties(value, own=True):
            self._read += 1
            if self._read > _MOST_PROPERTIES:
                self._notes.say(key_start(self._notes, key), value.end, Standing.NOT_UNDERSTOOD)
                break
            said = self._notes.say(key_start(self._notes, key), max(child.end, key.end))
            told = True if key.text in required else (False if required and not is_form else None)
            self._read_property(entity, key, child, said, told)
        for part in maps_of(value.get("allOf")):
            target = ref_name(part)
            found = self.named.get(target) if target else None
            if found is not None and found.entity == entity:
                continue
            if found is not None:
                for one in self.fields.of(found.value, said := self._notes.say(part.start, part.end), entity):
                    self._notes.add(replace(one, statement=said))
            elif not target:
                self._read_properties(entity, part, statement, is_form=is_form, depth=depth + 1)

    def _read_property(self, entity: str, key: Node, child: Node, statement: str, required: bool | None) -> None:
        """Note one property as a field, or as a relation where it refers to an entity."""
        target, is_list = self.entity(child) if child.kind == "map" else ("", False)
        if target and not (ref_name(child) and self._is_scalar_ref(child)):
            if is_list:
                self._notes.add(RelationFact(statement=statement, source=target, target=entity))
            else:
                self._notes.add(
                    RelationFact(statement=statement, source=entity, target=target, name=key.text, required=required)
                )
            return
        one = self.fields.field(entity, key.text, child, statement, 0)
        if required is not None:
            one = replace(one, required=required)
        if marks := self._marks.get(entity):
            unique, primary = key.text in marks.unique, key.text in marks.key
            one = replace(one, unique=unique or one.unique, primary_key=primary or one.primary_key)
        if (told := extensions.reference(child, entity, statement, required=required)) is not None:
            one = replace(one, references=told.target)
            if (entity, told.name) not in self._held:
                self._held.add((entity, told.name))
                self._notes.add(told)
        by_name = not one.references and entity not in self._told
        if by_name and (match := re.fullmatch(r"(.+?)_?[iI][dD]", key.text)):
            known = self._by_key.get(name_key(match.group(1)))
            if known is not None and self.named[known].entity == known and known != entity:
                one = replace(one, references=known)
        self._notes.add(one)
        if (target_name := ref_name(child) or ref_name(child.get("items") or child)) and target_name in self.named:
            self.named[target_name].uses.append((entity, key.text))

    def _read_alias(self, one: Named) -> None:
        """Note a named enum or scalar for the fields that use it."""
        if one.entity and not one.is_list:
            return
        shape = self.fields.field("", one.name, one.value, "", 0)
        statement = self._notes.say(key_start(self._notes, one.key), max(one.value.end, one.key.end))
        if one.is_list:
            self._notes.add(EntityFact(statement=statement, name=one.entity))
        for entity, name in one.uses:
            self._notes.add(replace(shape, statement=statement, entity=entity, name=name))
        if not one.uses and shape.values:
            self._notes.add(
                ConventionFact(statement=statement, kind="enum", value=f"{one.name}: {'|'.join(shape.values)}")
            )

    def _read_error(self, one: Named) -> None:
        """Note how errors look."""
        statement = self._notes.say(key_start(self._notes, one.key), max(one.value.end, one.key.end))
        keys = [key.text for key, _ in properties(one.value)]
        problem = {"type", "title", "status", "detail"} <= set(keys)
        about = "error_format" if re.search(r"error|problem|fault", one.name, re.I) else "envelope"
        value = "problem+json" if problem else f"{one.name}({', '.join(keys)})"
        self._notes.add(ConventionFact(statement=statement, kind=about, value=value))

    def _say_head(self, one: Named, inner: list[tuple[Node, Node]]) -> str:
        """Note the statement of a schema's name: up to its first property, or all of it where it has none to itself."""
        start = key_start(self._notes, one.key)
        end = max(one.value.end, one.key.end)
        own = [key for key, _ in inner if one.value.start <= key.start < end]
        if own and not (one.is_list or self._wrapped(one.name, one.value, 0)):
            end = line_end(self._notes, one.key.end, min(key.start for key in own))
        return self._notes.say(start, end)

    def _is_scalar_ref(self, value: Node) -> bool:
        """Whether a reference is to a schema that is no object."""
        found = self.named.get(ref_name(value))
        return found is not None and not is_object(found.value) and not found.is_list
