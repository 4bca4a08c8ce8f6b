"""A ward's files written for a clerk: all of them or none, and in Japanese what hinders it."""

import errno
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from infra.one_machine.problems import MachineError

BOM: Final = b"\xef\xbb\xbf"
"""With it Excel opens a file as UTF-8, and saves it so again."""
_FULL: Final = "空きを作るか、別のフォルダーを指定してください"
_ELSEWHERE: Final = "書けるフォルダーを指定してください"
_HINDRANCES: Final = {
    errno.ENOSPC: ("ディスクがいっぱいです", _FULL),
    errno.EDQUOT: ("使える容量を超えています", _FULL),
    errno.EFBIG: ("大きすぎます", _FULL),
    errno.EACCES: ("権限がありません", _ELSEWHERE),
    errno.EPERM: ("許されていません", _ELSEWHERE),
    errno.EROFS: ("読み取り専用の場所です", _ELSEWHERE),
    errno.ENOENT: ("そこには作れません", _ELSEWHERE),
    errno.EEXIST: ("同じ名前のファイルがあります", "別のフォルダーを指定してください"),
    errno.ENOTDIR: ("途中の名前がフォルダーではなくファイルです", "別のフォルダーを指定してください"),
    errno.ENAMETOOLONG: ("名前が長すぎます", "短い名前を指定してください"),
}
"""What the system says: in Japanese, and what to do about it."""


def write_new_files(directory: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files that are not there yet; return their paths.

    Raises:
        MachineError: one of them is there, or cannot be written; then none of these is left behind.
    """
    refuse_to_overwrite(directory, files)
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as failed:
        raise MachineError(f"フォルダー {directory} を作れません{_hindrance(failed)}") from failed
    begun: list[Path] = []
    try:
        for name, data in files.items():
            with (directory / name).open("xb") as file:
                begun.append(directory / name)
                file.write(data)
    except BaseException as failed:
        for path in begun:
            with suppress(OSError):
                path.unlink()
        if isinstance(failed, OSError):
            raise MachineError(f"{directory / name} に書けません{_hindrance(failed)}") from failed
        raise
    return begun


def refuse_to_overwrite(directory: Path, names: Iterable[str]) -> None:
    """Refuse where a file is there already.

    Raises:
        MachineError: with the first of them.
    """
    if there := [name for name in names if os.path.lexists(directory / name)]:
        raise MachineError(f"{directory / there[0]} はもうあります。別のフォルダーを指定してください")


def _hindrance(failed: OSError) -> str:
    reason, remedy = _HINDRANCES.get(failed.errno or 0, (failed.strerror, _ELSEWHERE))
    return f"（{reason}）。{remedy}"
