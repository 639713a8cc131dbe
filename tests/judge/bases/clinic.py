"""A dental practice with several clinics as tenants: signed in by OpenID Connect, prose beside SQL."""

from __future__ import annotations

from typing import Final

from tests.judge.plans import (
    HEALTH,
    SERVICES,
    Plan,
    auth,
    budgets,
    call,
    calls,
    entity,
    field,
    relation,
    roles,
    services,
)

SAID: Final = {
    "opening_1": "Python with FastAPI on PostgreSQL, Redis as the cache.",
    "opening_3": "Stripe for payments. Twilio for text messages.",
    "database_schema": (
        "```sql\n"
        "CREATE TABLE clinics (id uuid PRIMARY KEY, name text NOT NULL, city text NOT NULL);\n"
        "CREATE TABLE dentists (id uuid PRIMARY KEY, clinic_id uuid NOT NULL REFERENCES clinics (id),\n"
        "  full_name text NOT NULL, email text NOT NULL UNIQUE, speciality text,\n"
        "  slot_minutes integer NOT NULL CHECK (slot_minutes BETWEEN 5 AND 240));\n"
        "CREATE TABLE patients (id uuid PRIMARY KEY, clinic_id uuid NOT NULL REFERENCES clinics (id),\n"
        "  full_name text NOT NULL, email text NOT NULL, phone text, born_on date NOT NULL,\n"
        "  insurance_number text, health_notes text);\n"
        "CREATE TABLE treatments (id uuid PRIMARY KEY, clinic_id uuid NOT NULL REFERENCES clinics (id),\n"
        "  title text NOT NULL, price numeric(10,2) NOT NULL, minutes integer NOT NULL, covered boolean NOT NULL);\n"
        "CREATE TABLE appointments (id uuid PRIMARY KEY, clinic_id uuid NOT NULL REFERENCES clinics (id),\n"
        "  patient_id uuid NOT NULL REFERENCES patients (id) ON DELETE RESTRICT,\n"
        "  dentist_id uuid NOT NULL REFERENCES dentists (id) ON DELETE RESTRICT,\n"
        "  starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL, cancelled_at timestamptz, reason text,\n"
        "  status text NOT NULL DEFAULT 'booked'\n"
        "    CHECK (status IN ('booked', 'confirmed', 'done', 'cancelled')),\n"
        "  CHECK (starts_at < ends_at));\n"
        "CREATE TABLE appointment_treatments (appointment_id uuid NOT NULL REFERENCES appointments (id),\n"
        "  treatment_id uuid NOT NULL REFERENCES treatments (id), PRIMARY KEY (appointment_id, treatment_id));\n"
        "CREATE TABLE invoices (id uuid PRIMARY KEY, clinic_id uuid NOT NULL REFERENCES clinics (id),\n"
        "  appointment_id uuid NOT NULL REFERENCES appointments (id) ON DELETE RESTRICT,\n"
        "  number text NOT NULL UNIQUE, total numeric(10,2) NOT NULL, due_on date NOT NULL, paid_at timestamptz,\n"
        "  state text NOT NULL CHECK (state IN ('open', 'paid', 'void')));\n"
        "CREATE TABLE reminders (id uuid PRIMARY KEY, clinic_id uuid NOT NULL REFERENCES clinics (id),\n"
        "  appointment_id uuid NOT NULL REFERENCES appointments (id) ON DELETE CASCADE,\n"
        "  send_at timestamptz NOT NULL, sent_at timestamptz,\n"
        "  channel text NOT NULL CHECK (channel IN ('email', 'sms')));\n"
        "```"
    ),
    "api_design": (
        "GET /clinics\nGET /clinics/{id}\nGET /dentists\nPOST /dentists\nGET /dentists/{id}\nPATCH /dentists/{id}\n"
        "GET /patients\nPOST /patients\nGET /patients/{id}\nPATCH /patients/{id}\nDELETE /patients/{id}\n"
        "GET /treatments\nPOST /treatments\nPATCH /treatments/{id}\n"
        "GET /appointments\nPOST /appointments\nGET /appointments/{id}\nPATCH /appointments/{id}\n"
        "POST /appointments/{id}/cancel\nPOST /appointments/{id}/confirm\n"
        "GET /invoices\nPOST /invoices\nGET /invoices/{id}\nPOST /invoices/{id}/pay\n"
        "GET /reminders\nPOST /reminders\nPOST /webhooks/stripe\n"
        "Appointments: booked -> confirmed -> done; booked -> cancelled.\n"
        "GET /appointments?dentist_id=&from=&to= lists a dentist's calendar.\n"
        "POST /invoices/export (async, 202)\n"
    ),
    "performance_requirements": "p95 under 200 ms. 99.9 % availability. 50 requests per second.",
    "security_controls": (
        "Sign-in by OIDC with MFA.\nRoles: admin, dentist, receptionist.\nMulti-tenant, one tenant per clinic.\n"
        "Only admins may delete patients.\nReceptionists must not read invoices.\n"
        "A nightly job sends reminders.\n"
    ),
}

_STAFF: Final = ("admin", "dentist", "receptionist")
_CLERKS: Final = ("admin", "receptionist")
_DOCTORS: Final = ("admin", "dentist")


def design() -> Plan:
    """The right design."""
    return {
        "title": "Dental appointments",
        "summary": "Keeps the calendars and invoices of dental clinics.",
        "stack": {"language": "Python", "framework": "FastAPI", "database": "PostgreSQL", "cache": "Redis"},
        "tenant": "Clinic",
        "entities": _entities(),
        "relations": [
            *(relation(f"{name}.clinic -> Clinic") for name in _SCOPED),
            relation("Appointment.patient -> Patient"),
            relation("Appointment.dentist -> Dentist"),
            relation("Appointment.treatments -> Treatment many_to_many", required=False),
            relation("Invoice.appointment -> Appointment"),
            relation("Reminder.appointment -> Appointment cascade"),
        ],
        "rules": [{"entity": "Appointment", "kind": "compare", "expression": "starts_at < ends_at"}],
        "state_machines": [
            {
                "entity": "Appointment", "field": "status", "initial": "booked",
                "transitions": [
                    {"sources": ["booked"], "target": "confirmed", "operation": "post_appointments_confirm"},
                    {"sources": ["confirmed"], "target": "done", "operation": "post_appointments_finish"},
                    {"sources": ["booked"], "target": "cancelled", "operation": "post_appointments_cancel"},
                ],
            }
        ],
        "operations": _operations(),
        "events": [
            {"kind": "webhook_in", "name": "stripe", "operation": "post_webhooks_stripe"},
            {"kind": "schedule", "name": "a_job_sends_reminders", "entity": "Reminder", "schedule": "nightly"},
        ],
        "auth": auth("oidc", multi_factor=True),
        "roles": roles(*_STAFF),
        "permissions": [
            {"role": "receptionist", "verbs": ["read"], "allowed": False, "entity": "Invoice"},
        ],
        "integrations": services("Stripe", "Twilio"),
        "budgets": budgets("latency_p95 200 ms", "availability 99.9 %", "throughput 50 rps"),
        "services": {**SERVICES, "boundaries": ["Calendar", "Billing"]},
    }  # fmt: skip


_SCOPED: Final = ("Dentist", "Patient", "Treatment", "Appointment", "Invoice", "Reminder")


def _entities() -> list[Plan]:
    return [
        entity("Clinic", "clinics", "name string; city string"),
        entity("Dentist", "dentists", "full_name string sensitive; email email unique sensitive; speciality string?;"
               "slot_minutes integer minimum=5 maximum=240", tenant_scoped=True),
        entity("Patient", "patients", "full_name string sensitive; email email sensitive; phone string? sensitive;"
               "born_on date sensitive; insurance_number string? sensitive; health_notes text? sensitive",
               tenant_scoped=True),
        entity("Treatment", "treatments", "title string; price decimal; minutes integer; covered boolean",
               tenant_scoped=True),
        entity("Appointment", "appointments", "starts_at timestamp; ends_at timestamp;"
               "cancelled_at timestamp? read_only; reason string? sensitive;"
               "status enum=booked|confirmed|done|cancelled default=booked read_only", tenant_scoped=True,
               indexes=[{"fields": ["starts_at"]}]),
        entity("Invoice", "invoices", "number string unique; total decimal; due_on date; paid_at timestamp? read_only;"
               "state enum=open|paid|void default=open read_only", tenant_scoped=True),
        entity("Reminder", "reminders", "send_at timestamp; sent_at timestamp? read_only; channel enum=email|sms",
               tenant_scoped=True),
    ]  # fmt: skip


def _operations() -> list[Plan]:
    appointments = calls("Appointment", "/appointments", _STAFF, "list create read update")
    appointments[0] |= {"filters": ["dentist_id"], "parameters": [field("from timestamp?"), field("to timestamp?")]}
    return [
        *calls("Clinic", "/clinics", _STAFF, "list read"),
        *calls("Dentist", "/dentists", _STAFF, "list read"),
        *calls("Dentist", "/dentists", ("admin",), "create update"),
        *calls("Patient", "/patients", _STAFF, "list read"),
        *calls("Patient", "/patients", _CLERKS, "create update"),
        *calls("Patient", "/patients", ("admin",), "delete"),
        *calls("Treatment", "/treatments", _STAFF, "list"),
        *calls("Treatment", "/treatments", ("admin",), "create update"),
        *appointments,
        call("POST /appointments/{id}/cancel", "action", "Appointment", _STAFF),
        call("POST /appointments/{id}/confirm", "action", "Appointment", _CLERKS),
        call("POST /appointments/{id}/finish", "action", "Appointment", _DOCTORS, assumed=True),
        *calls("Invoice", "/invoices", _DOCTORS, "list create read"),
        call("POST /invoices/{id}/pay", "action", "Invoice", _DOCTORS),
        call("POST /invoices/export", "action", "Invoice", ("admin",), asynchronous=True,
             idempotent=True),
        *calls("Reminder", "/reminders", _CLERKS, "list create"),
        call("POST /webhooks/stripe", "action", None, (), public=True, signed=True,
             request=[field("event string"), field("payload json")]),
        HEALTH,
    ]  # fmt: skip
