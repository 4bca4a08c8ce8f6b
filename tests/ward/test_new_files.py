"""A clerk's example and template are written whole or not at all; what hinders it is said in Japanese."""

import csv
import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.one_machine.commands import ward
from infra.one_machine.problems import MachineError
from infra.one_machine.ward.column_texts import COLUMN_TEXTS
from infra.one_machine.ward.files import WARD_FILES
from infra.one_machine.ward.generate import draw

ACTS = ["example", "template"]


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk on which the second file of a ward finds room for its first bytes alone."""
    really_open = Path.open

    def open_on_full_disk(path: Path, *arguments: Any) -> Any:
        file: Any = really_open(path, *arguments)
        if path.name == WARD_FILES[1]:
            write = file.write

            def write_a_little(data: bytes) -> None:
                write(data[:10])
                raise OSError(errno.ENOSPC, "No space left on device")

            monkeypatch.setattr(file, "write", write_a_little, raising=False)
        return file

    monkeypatch.setattr(Path, "open", open_on_full_disk)


@pytest.mark.usefixtures("full_disk")
@pytest.mark.parametrize("act", ACTS)
def test_a_full_disk_is_named_and_no_file_is_left_half_written(act: str, tmp_path: Path) -> None:
    with pytest.raises(MachineError) as refused:
        ward.main([act, str(tmp_path / "ward")])
    assert str(refused.value) == (
        f"{tmp_path}/ward/members.csv に書けません（ディスクがいっぱいです）。"
        "空きを作るか、別のフォルダーを指定してください"
    )
    assert list((tmp_path / "ward").iterdir()) == []


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    ("folder", "says"),
    [
        ("/sys/ward", "フォルダー /sys/ward を作れません（"),
        ("/proc/ward", "フォルダー /proc/ward を作れません（"),
        ("{file}", "フォルダー {file} を作れません（同じ名前のファイルがあります）。別の"),
        ("{file}/ward", "を作れません（途中の名前がフォルダーではなくファイルです）。別の"),
        ("{file}" + "長" * 300, "を作れません（名前が長すぎます）。短い"),
    ],
)
def test_a_folder_that_cannot_be_made_is_named_with_the_reason_and_what_to_do(
    act: str, folder: str, says: str, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text("a letter")
    with pytest.raises(MachineError) as refused:
        ward.main([act, folder.format(file=file)])
    assert says.format(file=file) in str(refused.value)
    assert "指定してください" in str(refused.value)
    assert file.read_text() == "a letter"


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    "place", [lambda path: path.write_text("ours"), lambda path: path.mkdir(), lambda path: path.symlink_to("nowhere")]
)
def test_what_is_there_already_is_named_and_stays(act: str, place: Callable[[Path], object], tmp_path: Path) -> None:
    place(tmp_path / "accounts.csv")
    with pytest.raises(MachineError, match=r"accounts\.csv はもうあります。別のフォルダーを指定してください"):
        ward.main([act, str(tmp_path)])
    assert [path.name for path in tmp_path.iterdir()] == ["accounts.csv"]


def test_excel_opens_the_example_in_japanese_and_the_check_finds_nothing_wrong_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ward.main(["example", str(tmp_path), "--households", "5", "--seed", "7"]) == 0
    for name, data in draw(5, ward.EXAMPLE_SUPPORT_HOUSEHOLDS, 7).items():
        assert (tmp_path / name).read_bytes() == b"\xef\xbb\xbf" + data
        with (tmp_path / name).open(encoding="utf-8-sig", newline="") as text:
            assert next(csv.reader(text)) == list(COLUMN_TEXTS[name])
    assert ward.main(["check", str(tmp_path), "--today", "2026-11-24"]) == 0
    assert "誤り 0件、確認 0件" in capsys.readouterr().out
