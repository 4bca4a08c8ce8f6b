"""Operations on imports of a ward's files and on corrections (取込・訂正)."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from shared.decisions.adapters.import_state import get_import
from shared.decisions.api.schemas import Approve, ImportList, ImportView, Withdraw
from shared.decisions.use_cases.deciding import Deciding
from shared.decisions.use_cases.imports.approve_import import approve_import
from shared.decisions.use_cases.imports.list_imports import list_imports
from shared.decisions.use_cases.imports.propose_correction import propose_correction
from shared.decisions.use_cases.imports.propose_import import propose_import
from shared.decisions.use_cases.imports.read_import import ReadImport, read_import
from shared.decisions.use_cases.imports.withdraw_import import withdraw_import
from shared.money_and_time.months import month_of, next_month
from shared.service_kit.http.routing import Routes
from shared.service_kit.runtime import Runtime
from shared.service_kit.unit_of_work import UnitOfWork


def import_routes(deciding: Deciding) -> Routes:
    """Return the operations on imports of one deciding service."""
    routes, does = Routes("imports"), _Imports(deciding)
    routes.post("/imports", permission="import.propose", upload=does.read_files, status=201)(does.propose_import)
    routes.post("/corrections", permission="import.propose", upload=does.read_files, status=201)(
        does.propose_correction
    )
    routes.post("/imports/<import_id>/approval", permission="import.approve", status=202, approval=True)(
        does.approve_import
    )
    routes.post("/imports/<import_id>/withdrawal", permission="import.withdraw")(does.withdraw_import)
    routes.get("/imports", permission="determination.read")(does.list_imports)
    routes.get("/imports/<import_id>", permission="determination.read")(does.read_import)
    return routes


@dataclass(frozen=True)
class _Imports:
    deciding: Deciding

    def read_files(self, runtime: Runtime, files: Mapping[str, bytes]) -> ReadImport:
        """Read households.csv and members.csv; the rules are asked from the coming month on."""
        return read_import(self.deciding, files, next_month(month_of(runtime.clock.today())))

    def propose_import(self, work: UnitOfWork, files: ReadImport) -> ImportView:
        """Propose households.csv and members.csv; nothing is loaded yet."""
        return ImportView.model_validate(propose_import(work, self.deciding, files))

    def propose_correction(self, work: UnitOfWork, files: ReadImport) -> ImportView:
        """Propose a correction of households on record, whole in both files; it is approved as every import is."""
        return ImportView.model_validate(propose_correction(work, self.deciding, files))

    def approve_import(self, work: UnitOfWork, import_id: UUID, body: Approve) -> ImportView:
        """Approve an import by its hash; it is loaded next: ask how far it is."""
        return ImportView.model_validate(approve_import(work, self.deciding.tables, import_id, body.sha256))

    def withdraw_import(self, work: UnitOfWork, import_id: UUID, body: Withdraw) -> ImportView:
        """Take an import back before it is approved (取下げ), or return it to its proposer (差戻し)."""
        return ImportView.model_validate(withdraw_import(work, self.deciding.tables, import_id, body.reason))

    def list_imports(self, work: UnitOfWork) -> ImportList:
        """All imports that wait, with what they would change, then the newest."""
        return ImportList.model_validate({"items": list_imports(work, self.deciding.tables)})

    def read_import(self, work: UnitOfWork, import_id: UUID) -> ImportView:
        """One import."""
        return ImportView.model_validate(get_import(work, self.deciding.tables, import_id))
