"""Writing whole dossiers through the repositories, as the services do piece by piece."""

from __future__ import annotations

from bot.domain.design import Brief, Design, Narrative, Reply, Source
from bot.domain.evaluation import Dossier
from bot.services.ports import Tx
from tests.artefacts.blueprints import shop
from tests.support import dossiers


def brief(**body: object) -> Brief:
    return Brief(
        evaluation_id=dossiers.evaluation().id,
        role="backend-developer",
        title="Appointments",
        description="Patients book a slot online.",
        iteration=1,
        goal="",
        sources=(Source(path="idea.json", sha256="11" * 32, body={"title": "Appointments", **body}),),
        replies=(Reply(key="api", question="Which API?", text="REST", by=dossiers.OWNER),),
        previous=shop(),
    )


def design() -> Design:
    narrative = Narrative(
        strengths=("a", "b", "c"),
        improvements=("d", "e", "f"),
        recommendation="Go on.",
        next_steps=("g",),
        next_focus=("h",),
    )
    return Design(proposal=shop(), narrative=narrative, designer="offline", model=None, usage={"turns": 2.0})


def write(tx: Tx, dossier: Dossier) -> None:
    of = dossier.evaluation.id
    tx.evaluations.add(dossier.evaluation)
    tx.inputs.set_context(of, dossier.context)
    for document in dossier.context.inputs:
        tx.inputs.put(of, document)
    for upload in dossier.context.uploads:
        tx.inputs.add_upload(of, upload)
    tx.questions.add(of, dossier.questions)
    for gate in dossier.gates:
        tx.gates.add(gate)
    for iteration in dossier.iterations:
        tx.iterations.add(of, iteration)
    for run in dossier.runs:
        tx.runs.add(run, brief())
    for recap in dossier.recaps:
        tx.recaps.put(recap)
    for note in dossier.notes:
        tx.notes.add(of, note)
