"""What a blueprint says and OpenAPI has no word for, under names of its own (`x-…`, "Specification Extensions").

`bot.reading.notations.openapi_extensions` reads all of it back: whoever gives the document to another project loses
nothing of the design.
"""

from __future__ import annotations

from bot.roles.backend_developer.blueprint import Blueprint, Cardinality, Entity, Permission, Relation, Rule
from bot.roles.backend_developer.blueprint.keys import relation_columns, tenant_relation
from bot.roles.backend_developer.renderers.openapi.shared import Node
from bot.roles.backend_developer.renderers.openapi.values import object_schema
from bot.roles.backend_developer.renderers.shapes import TableShape
from bot.roles.backend_developer.renderers.sql_objects import enforced


def entity_extensions(blueprint: Blueprint, entity: Entity, shape: TableShape) -> Node:
    """Return what is said of an entity's rows as a whole: names, key, owner, links, rules and states."""
    node: Node = {"x-entity": entity.name, "x-plural": entity.plural}
    if entity.assumed:
        node["x-assumed"] = True
    if shape.primary_key != ("id",):
        node["x-key"] = list(shape.primary_key)
    unique = [column.name for column in shape.columns if column.unique and not column.references]
    if unique:
        node["x-unique"] = unique
    if shape.owner_column:
        node["x-owner"] = shape.owner_column
    links = [_link(r) for r in blueprint.relations if r.source == entity.name and _is_link(r)]
    if links:
        node["x-links"] = links
    if shape.rules:
        node["x-rules"] = [_rule(shape, rule) for rule in shape.rules]
    states = {
        machine.field: {
            "initial": machine.initial,
            "transitions": [
                {"from": list(step.sources), "to": step.target, "by": step.operation or step.action,
                 "roles": list(step.roles), "guard": step.guard}
                for step in machine.transitions
            ],
        }
        for machine in shape.machines
    }  # fmt: skip
    return {**node, "x-states": states} if states else node


def form_of(entity: Entity, form: str) -> Node:
    """Return the mark of a schema that is only a form of an entity: as it is listed, made or changed."""
    return {"x-entity": entity.name, "x-form": form}


def references(blueprint: Blueprint, entity: Entity, shape: TableShape) -> dict[str, Node]:
    """Return the relations of an entity by the columns that hold them."""
    found: dict[str, Node] = {}
    for relation in blueprint.relations:
        if relation.source != entity.name or _is_link(relation):
            continue
        if entity.tenant_scoped and relation is tenant_relation(blueprint, entity):
            columns: tuple[str, ...] = (shape.tenant_column,)
        else:
            columns = relation_columns(blueprint, relation)
        found |= {column: {"x-references": _reference(relation)} for column in columns}
    return found


def document_extensions(blueprint: Blueprint) -> Node:
    """Return what is said of the whole: roles, who may what, and whose rows are kept apart."""
    node: Node = {}
    if blueprint.roles:
        node["x-roles"] = {role.name: role.description for role in blueprint.roles}
    if blueprint.permissions:
        node["x-permissions"] = [_permission(permission) for permission in blueprint.permissions]
    scoped = [entity.name for entity in blueprint.entities if entity.tenant_scoped]
    if blueprint.tenant or scoped:
        node["x-tenancy"] = {"tenant": blueprint.tenant, "entities": scoped}
    return node


def _is_link(relation: Relation) -> bool:
    return relation.cardinality is Cardinality.MANY_TO_MANY


def _reference(relation: Relation) -> Node:
    return {
        "entity": relation.target,
        "name": relation.name,
        "cardinality": relation.cardinality.value,
        "on_delete": relation.on_delete.value,
    }


def _link(relation: Relation) -> Node:
    node = {**_reference(relation), "required": relation.required}
    if relation.table:
        node["table"] = relation.table
    return {**node, "schema": object_schema(relation.fields, writing=True)} if relation.fields else node


def _rule(shape: TableShape, rule: Rule) -> Node:
    return {
        "kind": rule.kind.value,
        **({"fields": list(rule.fields)} if rule.fields else {}),
        **({"expression": rule.expression} if rule.expression else {}),
        **({"condition": rule.condition} if rule.condition else {}),
        **({"value": rule.value} if rule.value is not None else {}),
        **({"text": rule.text} if rule.text else {}),
        "enforced": enforced(shape, rule),
    }


def _permission(permission: Permission) -> Node:
    return {
        "role": permission.role,
        "verbs": list(permission.verbs),
        "allowed": permission.allowed,
        **({"entity": permission.entity} if permission.entity else {}),
        **({"operation": permission.operation} if permission.operation else {}),
        **({"field": permission.field} if permission.field else {}),
        **({"own": True} if permission.own else {}),
        **({"condition": permission.condition} if permission.condition else {}),
    }
