"""The keyboard (キーボード): what its keys do, and how a person wants them in this browser."""

from typing import Final

from services.ui_gateway.forms.fields import YesNo
from services.ui_gateway.forms.form import Form
from services.ui_gateway.routing.key_settings import KeySettings, key_settings
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages, fresh
from services.ui_gateway.routing.results import ActResult, PageResult

pages = Pages()
SETTINGS: Final = "/settings"
FORM: Final = Form(
    YesNo(
        "enter_moves",
        "Enter キーで次の項目へ移る",
        help="「いいえ」のときは、Enter キーで入力を送ります。複数行の欄では改行のままです",
        required=True,
    ),
    YesNo(
        "letters",
        "1文字のショートカット(/ と ?)を使う",
        help="音声入力や読み上げソフトで誤って働くときは「いいえ」にしてください",
        required=True,
    ),
)


@pages.get("/shortcuts", permission=None)
def show_shortcuts(request: PageRequest) -> PageResult:
    """What the keys do; the same list opens over any page with ``?``."""
    return PageResult("keys/shortcuts.html", {}, {})


@pages.get(SETTINGS, permission=None)
def show_settings(request: PageRequest) -> PageResult:
    """The settings of this browser."""
    own = key_settings(request.gateway)
    start = {"enter_moves": own.enter_moves, "letters": own.letters}
    return PageResult("keys/settings.html", {"form": FORM, "start": start}, start)


@pages.act(SETTINGS, permission=None, correlation=fresh, on=show_settings)
def change_settings(request: PageRequest) -> ActResult:
    """Keep the settings in this browser."""
    filled = request.read(FORM)
    return ActResult(
        SETTINGS,
        "キーボードの設定を変えました。",
        filled.body(),
        keys=KeySettings(enter_moves=filled["enter_moves"], letters=filled["letters"]),
    )
