"""What entities usually hold: a small lexicon in the notation of `fields`, and traits by kind of noun."""

from __future__ import annotations

from functools import cache

from bot.roles.backend_developer.blueprint import EntityField
from bot.roles.backend_developer.designers.offline.fields import parse_fields
from bot.roles.backend_developer.designers.offline.nouns import spoken, words

_FIELDS = {
    "user": "subject unique readonly, email email unique sensitive, display_name sensitive, "
    "status (invited|active|suspended), last_seen_at optional readonly",
    "tenant": "name, slug unique, plan (trial|standard|enterprise), region",
    "organization": "name, slug unique, plan (trial|standard|enterprise), region",
    "team": "name, description optional",
    "customer": "name, email email sensitive, phone optional sensitive, status (active|inactive)",
    "patient": "given_name sensitive, family_name sensitive, birth_date sensitive, phone optional sensitive",
    "order": "number unique readonly, status (draft|placed|paid|shipped|cancelled|refunded), total money, "
    "placed_at optional",
    "order line": "position, quantity, unit_price money",
    "line": "position, quantity, unit_price money",
    "product": "sku unique, name, description optional, price money, status (draft|active|retired)",
    "invoice": "number unique readonly, status (draft|open|paid|void), total money, due_on",
    "payment": "provider, provider_reference unique readonly, status (pending|authorized|captured|failed|refunded), "
    "amount money, captured_at optional readonly",
    "subscription": "plan, status (trialing|active|past_due|cancelled), current_period_end timestamp, "
    "cancelled_at optional",
    "booking": "status (requested|confirmed|cancelled|completed), starts_at, ends_at, note text optional",
    "appointment": "status (booked|confirmed|cancelled|no_show|completed), starts_at, ends_at, reason text optional",
    "slot": "starts_at, ends_at, capacity, status (open|held|taken)",
    "workflow": "name, description optional, definition json, version integer, status (draft|active|paused|archived), "
    "schedule optional",
    "task": "name, kind (action|decision|approval|notification), status (pending|running|succeeded|failed|skipped), "
    "position, configuration json, due_at optional",
    "project": "name, description optional, status (planned|active|completed|archived), "
    "starts_on optional, ends_on optional",
    "document": "title, media_type, storage_key unique readonly, size_bytes integer readonly, checksum readonly",
    "file": "name, media_type, storage_key unique readonly, size_bytes integer readonly, checksum readonly",
    "message": "body text, sent_at optional readonly, read_at optional readonly, status (draft|sent|delivered|failed)",
    "notification": "channel (email|sms|push|in_app), template, status (queued|sent|failed|read), payload json, "
    "sent_at optional readonly",
    "comment": "body text, edited_at optional readonly",
    "review": "rating integer, title optional, body text, status (pending|published|rejected)",
    "ticket": "number unique readonly, title, description, status (open|pending|solved|closed), "
    "priority (low|normal|high|urgent)",
    "address": "line1 sensitive, line2 optional sensitive, postal_code sensitive, city, country",
    "device": "serial_number unique, model, firmware, status (online|offline|retired), last_seen_at optional readonly",
    "reading": "metric, value decimal, unit, measured_at",
    "course": "title, description, level (beginner|intermediate|advanced), status (draft|published|archived)",
    "category": "name unique, slug unique, description optional",
    "tag": "label unique",
    "event": "type, occurred_at, payload json",
    "analytics event": "type, occurred_at, subject_type, subject_id uuid, payload json",
    "audit event": "action, actor_subject, subject_type, subject_id uuid, occurred_at, request_id, before_state json "
    "optional, after_state json optional, source_ip optional sensitive",
    "system metric": "name, value decimal, unit, labels json, measured_at",
    "metric": "name, value decimal, unit, labels json, measured_at",
    "job": "kind, status (queued|running|succeeded|failed|cancelled) readonly, progress_percent integer readonly, "
    "parameters json, result json optional readonly, failure text optional readonly, finished_at optional readonly",
    "inbound event": "provider, external_id unique, type, payload json, status (received|processed|failed|ignored), "
    "processed_at optional",
    "webhook": "url, events json, signing_secret sensitive readonly, status (active|paused|failing)",
    "api key": "name, prefix unique readonly, key_hash sensitive readonly, expires_at optional, "
    "revoked_at optional readonly",
}
_DEFAULT = "name, description optional, status (draft|active|archived)"
_APPEND_ONLY = frozenset(
    {"event", "metric", "log", "reading", "audit", "history", "measurement", "trace", "click", "view"}
)


@cache
def usual_fields(entity: str) -> tuple[EntityField, ...]:
    """Return what an entity of that name usually holds, by its whole name, by its last word, or by default."""
    parts = words(entity)
    found = _FIELDS.get(spoken(entity)) or _FIELDS.get(parts[-1] if parts else "") or _DEFAULT
    return parse_fields(found)


def known(noun: str) -> bool:
    """Whether the lexicon knows a noun (in the singular, as it is said)."""
    return noun in _FIELDS


def known_nouns() -> tuple[str, ...]:
    """Return all nouns of the lexicon, longest first, so that "audit event" is found before "event"."""
    return tuple(sorted(_FIELDS, key=lambda noun: (-len(noun), noun)))


def append_only(entity: str) -> bool:
    """Whether rows of that entity are facts that nobody may change afterwards."""
    return words(entity)[-1] in _APPEND_ONLY


def has_own_parent(child: str, parent: str) -> bool:
    """Whether a child makes no sense without its parent and goes with it: order lines, workflow tasks, comments."""
    last = words(child)[-1]
    return spoken(child).startswith(f"{spoken(parent)} ") or last in {"line", "item", "task", "step", "comment", "slot"}
