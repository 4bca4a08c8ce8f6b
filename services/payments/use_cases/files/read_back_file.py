"""Note what stands in the treasurer's folder under the name of a file; a change of it is published."""

from services.payments.adapters.files.standings import FileRow, note_standing
from shared.contracts.codes import FileStanding
from shared.contracts.facts.payments import FileReadBack
from shared.service_kit.unit_of_work import UnitOfWork


def read_back_file(work: UnitOfWork, file: FileRow, standing: FileStanding) -> None:
    """Publish that a file stands otherwise than it was found to stand before."""
    if standing == (file.noted or "as_stored"):
        return
    note_standing(work, file, standing)
    work.fact(
        FileReadBack.model_validate(
            {"run_id": file.run_id, "programme": file.programme, "sha256": file.sha256, "standing": standing}
        ),
        subject=f"run:{file.run_id}",
    )
