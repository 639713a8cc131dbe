"""All services in one value: what handlers, engine and clock are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.services.common import House
from bot.services.deadlines import DeadlineService
from bot.services.designing import Designer
from bot.services.evaluations import EvaluationService
from bot.services.exports import ExportService
from bot.services.gates import GateService
from bot.services.holding import Tasks
from bot.services.inputs import InputService
from bot.services.inquiries import InquiryService
from bot.services.leaving import LeavingService
from bot.services.ports import Downloader
from bot.services.queries import QueryService
from bot.services.questions import QuestionService
from bot.services.runs import RunService


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The use cases."""

    house: House
    evaluations: EvaluationService
    questions: QuestionService
    gates: GateService
    runs: RunService
    inputs: InputService
    inquiries: InquiryService
    exports: ExportService
    deadlines: DeadlineService
    leaving: LeavingService
    queries: QueryService


def build_services(house: House, designers: Mapping[str, Designer], download: Downloader) -> Services:
    """Build every service over the same house."""
    tasks = Tasks()
    return Services(
        house=house,
        evaluations=EvaluationService(house, tasks),
        questions=QuestionService(house),
        gates=GateService(house),
        runs=RunService(house, designers, tasks),
        inputs=InputService(house, download),
        inquiries=InquiryService(house),
        exports=ExportService(house),
        deadlines=DeadlineService(house),
        leaving=LeavingService(house, tasks),
        queries=QueryService(house),
    )
