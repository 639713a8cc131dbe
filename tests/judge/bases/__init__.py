"""Whole designs, by which the judging of designs is judged: what a team said, and a right design of it by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.domain.design import Brief, Reply
from tests.judge.bases import academy, clinic, depot
from tests.judge.plans import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A base design and the names of its parts that faults are planted in; "" or () where it has no such part.

    `asked` is an action that was asked for by its path, `read` one read; `job` works in the background. `core` is an
    entity that was said, `leaf` one that nothing points at. `person` has personal fields, `fact` is one of them.
    `denied` is a role and the entity that it must not read, `reserved` an operation that one role alone may call.
    """

    name: str
    said: dict[str, str]
    design: Callable[[], Plan]
    asked: str
    read: str
    list: str
    create: str
    update: str
    delete: str
    job: str
    core: str
    leaf: str
    relation: tuple[str, str]
    strict: tuple[str, str]
    many: tuple[str, str]
    state: tuple[str, str, str]
    choice: tuple[str, str, str]
    fields: tuple[str, tuple[str, ...]]
    role: str
    denied: tuple[str, str]
    reserved: tuple[str, str]
    scheme: str
    service: str
    budget: str
    person: str
    person_list: str
    person_read: str
    personal: str
    money: tuple[str, str]
    time: tuple[str, str]
    whole: tuple[str, str]
    truth: tuple[str, str]
    unique: tuple[str, str]
    later: tuple[str, str]
    text: tuple[str, str]
    hook: str = ""
    filtered: str = ""
    tenant: str = ""
    scoped: str = ""
    event: str = ""
    public: str = ""
    owned: str = ""
    compare: str = ""

    def brief(self, *, iteration: int = 1, previous: object = None) -> Brief:
        """What the team said, as a run is given it."""
        replies = tuple(Reply(key=key, question=key, text=text, by="U1") for key, text in self.said.items())
        return Brief(
            evaluation_id="e", role="backend-developer", title="A thing", description="", iteration=iteration, goal="",
            sources=(), replies=replies, previous=previous,  # type: ignore[arg-type]
        )  # fmt: skip


BASES: Final = (
    Base(
        name="clinic", said=clinic.SAID, design=clinic.design,
        asked="POST /appointments/{id}/cancel", read="GET /invoices/{id}", list="GET /appointments",
        create="POST /patients", update="PATCH /dentists/{id}", delete="DELETE /patients/{id}",
        job="POST /invoices/export", core="Treatment", leaf="Reminder", relation=("Appointment", "patient"),
        strict=("Invoice", "appointment"), many=("Appointment", "treatments"),
        state=("Appointment", "status", "done"), choice=("Reminder", "channel", "sms"),
        fields=("Appointment", ("starts_at", "ends_at")), role="receptionist", denied=("receptionist", "Invoice"),
        reserved=("admin", "DELETE /patients/{id}"), scheme="oidc", service="Stripe", budget="latency_p95",
        person="Patient", person_list="GET /patients", person_read="GET /patients/{id}", personal="email", money=("Invoice", "total"),
        time=("Appointment", "starts_at"), whole=("Dentist", "slot_minutes"), truth=("Treatment", "covered"),
        unique=("Invoice", "number"), later=("Appointment", "cancelled_at"), text=("Treatment", "title"),
        hook="POST /webhooks/stripe", filtered="GET /appointments", tenant="Clinic", scoped="Patient",
        event="a_job_sends_reminders", compare="Appointment",
    ),
    Base(
        name="depot", said=depot.SAID, design=depot.design,
        asked="POST /claims/{id}/settle", read="GET /parcels/{id}", list="GET /parcels", create="POST /senders",
        update="PATCH /senders/{id}", delete="DELETE /parcels/{id}", job="POST /parcels/import", core="Hub",
        leaf="Route", relation=("Parcel", "sender"), strict=("Scan", "parcel"), many=("Route", "hubs"),
        state=("Claim", "status", "refused"), choice=("Parcel", "size", "medium"),
        fields=("Parcel", ("barcode", "weight_grams")), role="sorter", denied=("partner", "Claim"),
        reserved=("manager", "POST /hubs"), scheme="jwt", service="DHL", budget="latency_p95", person="Sender",
        person_list="GET /senders", person_read="GET /senders/{id}", personal="iban", money=("Claim", "amount"), time=("Scan", "scanned_at"),
        whole=("Parcel", "weight_grams"), truth=("Parcel", "fragile"), unique=("Hub", "code"),
        later=("Claim", "settled_at"), text=("Hub", "town"), filtered="GET /parcels", public="GET /tracking/{barcode}",
    ),
    Base(
        name="academy", said=academy.SAID, design=academy.design,
        asked="POST /enrolments/{id}/accept", read="GET /pupils/{id}", list="GET /enrolments", create="POST /courses",
        update="PATCH /courses/{id}", delete="DELETE /courses/{id}", job="POST /reports/generate", core="Lesson",
        leaf="Payment", relation=("Enrolment", "course"), strict=("Payment", "enrolment"), many=("", ""),
        state=("Enrolment", "status", "completed"), choice=("", "", ""),
        fields=("Course", ("seats", "starts_on")), role="teacher", denied=("teacher", "Payment"),
        reserved=("office", "DELETE /courses/{id}"), scheme="oauth2", service="SendGrid", budget="latency_p95",
        person="Pupil", person_list="GET /pupils", person_read="GET /pupils/{id}", personal="birthday", money=("Course", "price"),
        time=("Lesson", "starts_at"), whole=("Course", "seats"), truth=("Course", "online"),
        unique=("Payment", "reference"), later=("Enrolment", "cancelled_at"), text=("Course", "title"),
        public="GET /courses", owned="Enrolment", compare="Lesson",
    ),
)  # fmt: skip
"""The base designs: a faultless one of each is judged beside the spoilt ones."""
