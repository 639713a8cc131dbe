"""Operations: those that were said as they were said, and what an entity without any needs, marked as assumed."""

from __future__ import annotations

import re

from bot.domain.facts import EventFact, FieldFact, OperationFact, RuleFact, Stance, UseCaseFact
from bot.reading.names import acts_at, latin, plural, singular, with_article, words
from bot.roles.backend_developer.blueprint import Entity, EntityField, Method, Operation, OperationKind, StateMachine
from bot.roles.backend_developer.designers.rules.access import ENOUGH, Access, frozen
from bot.roles.backend_developer.designers.rules.citations import path_key
from bot.roles.backend_developer.designers.rules.data import Data
from bot.roles.backend_developer.designers.rules.fields import value_field
from bot.roles.backend_developer.designers.rules.identifiers import column, key_of, snake
from bot.roles.backend_developer.designers.rules.moments import as_moment, indexed
from bot.roles.backend_developer.designers.rules.world import World

_ID_BREAK = re.compile(r"[^A-Za-z0-9_]+")
_PATH = re.compile(r"(?:/(?:[\w.~$!*+,;=@:%-]|\{[^\W\d][\w.-]*\})+)+/?|/")
_PARAMETER = re.compile(r"\{([^{}]*)\}|(?<=/):([^\W\d]\w*)|<(?:\w+:)?([^<>]*)>")
_USUAL = (
    (OperationKind.LIST, Method.GET, ""),
    (OperationKind.CREATE, Method.POST, ""),
    (OperationKind.READ, Method.GET, "/{id}"),
    (OperationKind.UPDATE, Method.PATCH, "/{id}"),
    (OperationKind.DELETE, Method.DELETE, "/{id}"),
)
_HEALTH = re.compile(r"/(?:health|healthz|livez|readyz|ready|status)$")
_SAID = {
    OperationKind.LIST: "List {many}",
    OperationKind.READ: "Read one {one}",
    OperationKind.CREATE: "Create {a_one}",
    OperationKind.UPDATE: "Change {a_one}",
    OperationKind.DELETE: "Delete {a_one}",
}
_DOES = {
    "read": (OperationKind.LIST, OperationKind.READ),
    "create": (OperationKind.CREATE,),
    "update": (OperationKind.UPDATE,),
    "delete": (OperationKind.DELETE,),
}
"""The operations that do what a headline asks for."""
_VERB = 2
"""So many words an action has at most: "first stop departed" tells when a state changes, and is no call."""


class Interface:
    """Collects operations by route, so that nothing is there twice."""

    def __init__(self, world: World, data: Data, access: Access) -> None:
        self._world, self._data, self._access = world, data, access
        self.found: dict[str, Operation] = {}
        self._ids: set[str] = set()
        self._said = [f for f in world.of(OperationFact) if f.path and f.method]
        denied = world.of(OperationFact, Stance.DENIED, Stance.POSTPONED)
        self._refused = [(f.method, path_key(f.path) if f.path else "") for f in denied]
        self.base = ""
        kept = {
            data.name(f.entity) for f in world.of(RuleFact) if f.kind == "immutable" and not (f.fields or f.condition)
        }
        self._frozen = {*kept, *frozen(world, data)} - {""}

    def build(self, machines: tuple[StateMachine, ...], base: str) -> tuple[Operation, ...]:
        """Return all operations; `base` is the base path, which said paths may repeat."""
        self.base = base
        for fact in self._said:
            self._named(fact)
        if len(self._said) < ENOUGH or not self._closed():
            for entity in self._data.entities.values():
                self._usual(entity)
        for machine in machines:
            self._moves(machine)
        self._deeds()
        self._use_cases()
        self._callbacks()
        self._health()
        return tuple(self.found.values())[:1000]

    def _closed(self) -> bool:
        """Whether the said operations are all there are: a team that listed its API, or said so."""
        return len(self._said) >= ENOUGH or any(method is None and not path for method, path in self._refused)

    def refused(self, method: str, path: str) -> bool:
        """Whether people said that there is no such operation."""
        own = path_key(path)
        return any((m is None and p == own) or (m == method and p in ("", own)) for m, p in self._refused)

    def _named(self, fact: OperationFact) -> None:
        path = below_base(said_path(fact.path), self.base)
        if not _PATH.fullmatch(path) or len(path) > 200 or fact.method is None:
            return
        segments = [s for s in path.split("/") if s]
        entity = self._entity_of(segments, fact)
        kind = self._kind(fact, segments, entity)
        shown = entity.name if entity else ""
        public, roles = self._access.allowed(kind, shown, fact.method, path)
        listed = kind is OperationKind.LIST
        cites = self._world.cites.of("operation", fact.method, path_key(fact.path), also=(fact.statement,))
        body = self._fields(fact.body, cites)
        parameters = self._parameters(fact, cites, entity)
        if listed and entity:
            self._data.put(indexed(entity, parameters))
        self._add(
            Operation(
                id=_id(fact.operation_id) or self._name(fact.method, kind, segments, entity),
                method=Method(fact.method),
                path=path,
                summary=(fact.summary or self._sentence(kind, entity, segments))[:600],
                kind=kind,
                entity=shown or None,
                paginated=listed,
                idempotent=fact.idempotent if fact.idempotent is not None else fact.method == "POST",
                asynchronous=bool(fact.asynchronous),
                public=fact.public if fact.public is not None else public,
                roles=tuple(r for r in self._access.roles if r in {snake(x) for x in fact.roles}) or roles,
                parameters=parameters,
                filters=tuple(f.name for f in entity.fields if f.values)[:6] if listed and entity else (),
                request=body if kind in (OperationKind.ACTION, OperationKind.QUERY) or not entity else (),
                request_entity=self._data.name(fact.body_entity) if fact.body_entity else "",
                response=() if entity or fact.result_entity else self._fields(fact.result, cites),
                response_entity=self._data.name(fact.result_entity) if fact.result_entity else "",
                response_list=fact.result_is_list,
                deprecated=bool(fact.deprecated),
                cites=cites,
                source=self._world.source(fact),
            )
        )

    def _fields(self, facts: tuple[FieldFact, ...], cites: tuple[str, ...]) -> tuple[EntityField, ...]:
        found: dict[str, EntityField] = {}
        for fact in facts:
            made = value_field(fact, cites, "openapi")
            found.setdefault(made.name, made)
        return tuple(found.values())[:60]

    def _parameters(
        self, fact: OperationFact, cites: tuple[str, ...], entity: Entity | None
    ) -> tuple[EntityField, ...]:
        typed = {key_of(f.name) for f in fact.parameters if f.type}
        inside = {key_of(p) for p in re.findall(r"\{([^}]*)\}", said_path(fact.path))}
        made = (
            as_moment(f, entity, typed=key_of(f.name) in typed).model_copy(
                update={"unique": False, "read_only": False, "write_only": False}
            )
            for f in self._fields(fact.parameters, cites)
        )
        return tuple(
            f if key_of(f.name) in inside else f.model_copy(update={"required": False}) if f.default else f
            for f in made
        )

    def _entity_of(self, segments: list[str], fact: OperationFact) -> Entity | None:
        for said in (fact.result_entity, fact.body_entity):
            if said and (name := self._data.name(said)):
                return self._data.get(name)
        for segment in reversed([s for s in segments if not s.startswith("{")]):
            if name := self._data.name(segment.partition(":")[0]):
                return self._data.get(name)
        return None

    def _kind(self, fact: OperationFact, segments: list[str], entity: Entity | None) -> OperationKind:
        last = segments[-1] if segments else ""
        on_one = last.startswith("{") and ":" not in last
        own = bool(entity) and not on_one and self._data.name(last) == (entity.name if entity else "")
        single = own and singular(last) == last and key_of(last) == last.lower()
        if fact.method in ("GET", "HEAD", "OPTIONS"):
            many = fact.result_is_list or (own and not (single and not self._many(segments)))
            kinds = (on_one, OperationKind.READ), (many, OperationKind.LIST)
            return next((kind for holds, kind in kinds if holds and entity), OperationKind.QUERY)
        if fact.method == "POST":
            return OperationKind.CREATE if own else OperationKind.ACTION
        changed = OperationKind.DELETE if fact.method == "DELETE" else OperationKind.UPDATE
        return changed if on_one and entity else OperationKind.ACTION

    def _many(self, segments: list[str]) -> bool:
        """Whether a segment in the singular stands for a collection: something is addressed below it elsewhere."""
        place = path_key("/" + "/".join(segments))
        return any(path_key(f.path).startswith(f"{place}/{{}}") for f in self._said) or any(
            f.method == "POST" and path_key(f.path) == place for f in self._said
        )

    def _usual(self, entity: Entity) -> None:
        """Add what can usually be done with an entity of which no operation was said."""
        if any(op.entity == entity.name for op in self.found.values() if op.cites):
            return
        path = self._collection(entity)
        for kind, method, end in _USUAL:
            if kind in (OperationKind.UPDATE, OperationKind.DELETE) and entity.name in self._frozen:
                continue
            if kind is OperationKind.UPDATE and not self._changeable(entity):
                continue
            if self.refused(method.value, path + end):
                continue
            self._assume(entity, kind, method, path + end)

    def _collection(self, entity: Entity) -> str:
        style = next((f.path for f in self._said if re.search(r"/[a-z]+_[a-z]", f.path)), "")
        return f"/{entity.plural if style else entity.plural.replace('_', '-')}"

    def _assume(
        self, entity: Entity, kind: OperationKind, method: Method, path: str, cites: tuple[str, ...] = ()
    ) -> None:
        public, roles = self._access.allowed(kind, entity.name, method.value, path)
        segments = [s for s in path.split("/") if s]
        self._add(
            Operation(
                id=self._name(method.value, kind, segments, entity),
                method=method,
                path=path,
                summary=self._sentence(kind, entity, segments),
                kind=kind,
                entity=entity.name,
                paginated=kind is OperationKind.LIST,
                idempotent=method is Method.POST,
                public=public,
                roles=roles,
                filters=tuple(f.name for f in entity.fields if f.values)[:6] if kind is OperationKind.LIST else (),
                cites=cites or self._allowing(entity.name),
                assumed=not cites,
            )
        )

    def _allowing(self, entity: str) -> tuple[str, ...]:
        return tuple(
            f.statement
            for f in self._access.facts
            if f.entity and self._data.name(f.entity) == entity and f.stance is Stance.STATED
        )[:10]

    def _moves(self, machine: StateMachine) -> None:
        """Add an operation for each said change of state that none makes yet."""
        entity = self._data.get(machine.entity)
        own = [op for op in self.found.values() if op.entity == entity.name]
        below = self._row(entity)
        for transition in machine.transitions:
            verb = transition.action
            ends = {key_of(op.path.rstrip("/").rpartition("/")[2].rpartition(":")[2]) for op in own}
            if not verb or len(words(verb)) > _VERB or key_of(verb) in ends or key_of(transition.target) in ends:
                continue
            if len(self._said) >= ENOUGH and any(op.kind is OperationKind.UPDATE for op in own):
                continue  # their own listed way to change it
            path = f"{below}/{verb.replace('_', '-')}"
            if not self.refused("POST", path):
                self._assume(entity, OperationKind.ACTION, Method.POST, path, transition.cites)

    def _deeds(self) -> None:
        """Add an operation for each deed that somebody may do to a thing, where none does it yet."""
        for fact in self._access.deeds:
            entity, action = self._data.get(self._data.name(fact.entity)), snake(fact.action)
            path = f"{self._row(entity)}/{action.replace('_', '-')}"
            done = any(acts_at(action, op.path) for op in self.found.values() if op.entity == entity.name)
            if not done and not self.refused("POST", path):
                self._assume(entity, OperationKind.ACTION, Method.POST, path, (fact.statement,))

    def _use_cases(self) -> None:
        """Cite what headlines ask to be done with a thing where an operation does it, and add one where none does."""
        for fact in self._world.of(UseCaseFact):
            name = self._data.name(fact.entity)
            for verb in fact.verbs if name else ():
                mine = [(route, op) for route, op in self.found.items() if op.entity == name]
                kinds = _DOES[verb] if not fact.action else (OperationKind.ACTION,)
                done = [
                    (route, op)
                    for route, op in mine
                    if op.kind in kinds and (not fact.action or acts_at(fact.action, op.path))
                ]
                for route, op in done:
                    cites = tuple(dict.fromkeys((*op.cites, fact.statement)))[:60]
                    self.found[route] = op.model_copy(update={"cites": cites})
                if not done:
                    self._for_use(self._data.get(name), verb, fact)

    def _for_use(self, entity: Entity, verb: str, fact: UseCaseFact) -> None:
        action = snake(fact.action).replace("_", "-")
        usual = {kind: (method, end) for kind, method, end in _USUAL}
        kind = OperationKind.ACTION if action else _DOES[verb][0]
        method, end = (Method.POST, "") if action else usual[kind]
        path = f"{self._row(entity)}/{action}" if action else f"{self._collection(entity)}{end}"
        kept = kind in (OperationKind.UPDATE, OperationKind.DELETE) and entity.name in self._frozen
        if not kept and not self.refused(method.value, path) and not self._closed():
            self._assume(entity, kind, method, path, (fact.statement,))

    def _row(self, entity: Entity) -> str:
        """Return the path of one row of an entity."""
        reads = (op.path for op in self.found.values() if op.entity == entity.name and op.kind is OperationKind.READ)
        return next(reads, f"{self._collection(entity)}/{{id}}")

    def _changeable(self, entity: Entity) -> bool:
        """Whether a change of a row could change anything."""
        return any(not (f.read_only or f.immutable) for f in entity.fields) or any(
            not r.immutable for r in self._data.relations if r.source == entity.name
        )

    def _callbacks(self) -> None:
        """Add what other services call, where webhooks into the backend were said and no operation takes them."""
        facts = [f for f in self._world.of(EventFact) if f.kind == "webhook_in"]
        if not facts or any(
            "webhook" in op.path.lower() or "callback" in op.path.lower() for op in self.found.values()
        ):
            return
        self._add(
            Operation(
                id="receive_webhook",
                method=Method.POST,
                path="/webhooks/{service}",
                kind=OperationKind.ACTION,
                signed=True,
                summary="Take an event from another service; a repeated delivery changes nothing",
                request=(
                    EntityField(name="event_id", type="string", assumed=True),
                    EntityField(name="type", type="string", assumed=True),
                    EntityField(name="payload", type="json", assumed=True),
                ),
                cites=tuple(dict.fromkeys(f.statement for f in facts))[:60],
            )
        )

    def _health(self) -> None:
        """Add what tells whoever starts and balances servers that one is up, where people named nothing of the kind."""
        if (
            not self.found
            or self.refused("GET", "/health")
            or any(_HEALTH.search(op.path) for op in self.found.values())
        ):
            return
        self._add(
            Operation(
                id="get_health",
                method=Method.GET,
                path="/health",
                summary="Tell that it is up",
                kind=OperationKind.QUERY,
                public=True,
                response=(EntityField(name="status", type="enum", values=("ok",), assumed=True),),
                assumed=True,
            )
        )

    def _add(self, op: Operation) -> None:
        route = f"{op.method} {path_key(op.path)}"
        if route in self.found:
            return
        own, count = op.id, 2
        while own in self._ids:
            own, count = f"{op.id[:90]}_{count}", count + 1
        self._ids.add(own)
        self.found[route] = op.model_copy(update={"id": own})

    @staticmethod
    def _name(method: str, kind: OperationKind, segments: list[str], entity: Entity | None) -> str:
        fixed = [s for s in segments if not s.startswith("{")]
        if entity and kind is not OperationKind.ACTION and kind is not OperationKind.QUERY and len(fixed) == 1:
            shown = entity.plural if kind is OperationKind.LIST else snake(entity.name)
            return _id(f"{kind.value}_{shown}") or method.lower()
        return _id("_".join([method.lower(), *(snake(s) for s in fixed)])) or method.lower()

    @staticmethod
    def _sentence(kind: OperationKind, entity: Entity | None, segments: list[str]) -> str:
        if entity and kind in _SAID:
            one = _spoken(entity)
            return _SAID[kind].format(one=one, a_one=with_article(one), many=entity.plural.replace("_", " "))
        fixed = [s for s in segments if not s.startswith("{")]
        what = " ".join(words(fixed[-1])) if fixed else "the service"
        if kind is OperationKind.ACTION and entity:
            acts = "".join(segments[-2:-1]).startswith("{") and plural(what) != what
            joined = "" if acts else "for "
            return f"{what.capitalize()} {joined}{with_article(_spoken(entity))}"
        return f"{'Read' if kind is OperationKind.QUERY else 'Do'} {what}"


def _spoken(entity: Entity) -> str:
    """Return an entity's name as people write it within a sentence."""
    label = entity.label.strip()
    return label.lower() if " " in label else " ".join(words(label or entity.name))


def below_base(path: str, base: str) -> str:
    """Return a path without the base path that it repeats, whole or its end: ``/v1/x`` below ``/api/v1``."""
    parts = [part for part in base.split("/") if part]
    for begin in range(len(parts)):
        prefix = "/" + "/".join(parts[begin:]) + "/"
        if path.startswith(prefix):
            return path[len(prefix) - 1 :]
    return path


def said_path(path: str) -> str:
    """Return a path with its parameters in OpenAPI's form, without its query."""
    bare = path.split("?", maxsplit=1)[0].strip().rstrip(".,;")
    made = _PARAMETER.sub(lambda m: "{" + (column(next((g for g in m.groups() if g), "id")) or "id") + "}", bare)
    made = latin(made)
    return made if made.startswith("/") else f"/{made}"


def _id(said: str) -> str:
    bare = _ID_BREAK.sub("_", latin(said)).strip("_")[:100]
    return bare if bare and not bare[0].isdigit() else f"op_{bare}"[:100] if bare else ""


__all__ = ["Interface", "said_path"]
