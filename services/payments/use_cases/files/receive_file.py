"""The treasurer has a bank file (受領): from here on it may be gone from the folder."""

from uuid import UUID

from sqlalchemy import update

from services.payments.adapters.files.standings import locked_file, standing_of
from services.payments.adapters.tables import bank_files
from shared.contracts.facts.payments import FileReceived
from shared.service_kit.problems import Problem
from shared.service_kit.unit_of_work import UnitOfWork


def receive_file(work: UnitOfWork, run_id: UUID, programme: str, sha256: str) -> None:
    """Note who has the file whose bytes have this hash.

    Raises:
        Problem: not-found; wrong-state where it was not handed over, or is received already; content-moved where the
            hash is another, or other bytes stand in the folder now: what the treasurer has is not what was made.
    """
    file = locked_file(work, run_id, programme)
    if file.written_at is None or file.received_at is not None:
        raise Problem("wrong-state", field="programme", detail="この振込ファイルは、いま受領できる状態ではありません")
    if sha256 != file.sha256 or standing_of(work.runtime.settings.files_dir, file) == "altered":
        raise Problem("content-moved", field="sha256", detail="受け取ったファイルの内容が、作成したものと違います")
    here = (bank_files.c.run_id == run_id) & (bank_files.c.programme == programme)
    received = {"received_by": work.actor, "received_at": work.clock.now()}
    work.connection.execute(update(bank_files).where(here).values(**received))
    payload = {"run_id": run_id, "programme": programme, "sha256": sha256, "treasurer": work.actor}
    work.fact(FileReceived.model_validate(payload), subject=f"run:{run_id}")
