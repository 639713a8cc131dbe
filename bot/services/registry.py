"""All services in one value: what handlers, engine and clock are given."""

from __future__ import annotations

from dataclasses import dataclass

from bot.services.access import AccessService
from bot.services.app_uninstalled import LeavingService
from bot.services.approvers import ApproverService
from bot.services.common import ServiceContext
from bot.services.deadlines import DeadlineService
from bot.services.evaluations import EvaluationService
from bot.services.exports import ExportService
from bot.services.gates import GateService
from bot.services.inputs import InputService
from bot.services.inquiries import InquiryService
from bot.services.ports import Downloader
from bot.services.queries import QueryService
from bot.services.questions import QuestionService
from bot.services.recaps import RecapService
from bot.services.reopening import ReopeningService
from bot.services.replies import ReplyService
from bot.services.run_fencing import Tasks
from bot.services.runs import RunService
from bot.services.waiving import WaivingService


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The use cases."""

    context: ServiceContext
    access: AccessService
    approvers: ApproverService
    evaluations: EvaluationService
    questions: QuestionService
    replies: ReplyService
    gates: GateService
    reopening: ReopeningService
    runs: RunService
    inputs: InputService
    inquiries: InquiryService
    recaps: RecapService
    exports: ExportService
    deadlines: DeadlineService
    waiving: WaivingService
    leaving: LeavingService
    queries: QueryService


def build_services(context: ServiceContext, download: Downloader) -> Services:
    """Build every service over the same context."""
    tasks, access = Tasks(), AccessService(context)
    return Services(
        context=context,
        access=access,
        approvers=ApproverService(context),
        evaluations=EvaluationService(context, tasks),
        questions=QuestionService(context),
        replies=ReplyService(context),
        gates=GateService(context),
        runs=RunService(context, tasks),
        reopening=ReopeningService(context, access),
        inputs=InputService(context, download),
        inquiries=InquiryService(context),
        recaps=RecapService(context),
        exports=ExportService(context),
        deadlines=DeadlineService(context),
        waiving=WaivingService(context),
        leaving=LeavingService(context, tasks),
        queries=QueryService(context, access),
    )
