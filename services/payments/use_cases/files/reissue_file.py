"""Issue a bank file again (再発行): the stored bytes, where those in the folder are altered or gone."""

from uuid import UUID

from sqlalchemy import update

from services.payments.adapters.files.standings import WRONG, locked_file, standing_of
from services.payments.adapters.tables import bank_files
from shared.approvals.by_hash import OPEN_AGAIN
from shared.contracts.facts.payments import FileReissued
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def reissue_file(work: UnitOfWork, run_id: UUID, programme: str, sha256: str) -> None:
    """Have the file handed over again under its name; what stands there now is set aside, and kept.

    It is the same file, visibly issued again: the same hash, the next issue.

    Raises:
        Problem: not-found; wrong-state where it stands as it was stored, is not handed over, or the treasurer has it;
            content-moved where the hash is another.
    """
    file = locked_file(work, run_id, programme)
    if sha256 != file.sha256:
        raise Problem("content-moved", field="sha256", detail=OPEN_AGAIN)
    if file.received_at is not None or standing_of(work.runtime.settings.files_dir, file) not in WRONG:
        raise Problem("wrong-state", field="programme", detail="この振込ファイルは再発行する状態にありません")
    here = (bank_files.c.run_id == run_id) & (bank_files.c.programme == programme)
    again = {"written_at": None, "prepared": None, "standing": None, "issue": file.issue + 1}
    work.connection.execute(update(bank_files).where(here).values(**again))
    payload = {"run_id": run_id, "programme": programme, "sha256": sha256, "issue": file.issue + 1}
    work.fact(FileReissued.model_validate(payload), subject=f"run:{run_id}")
