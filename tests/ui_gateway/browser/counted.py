"""What a task costs who does it: clicks and keys."""

from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass
class Counted:
    """Clicks and keys that a task took."""

    page: Page
    clicks: int = 0
    keys: int = 0

    def click(self, name: str, role: str = "link") -> None:
        """Click on what has this name."""
        self.page.get_by_role("link" if role == "link" else "button", name=name).first.click()
        self.clicks += 1

    def type(self, field_name: str, text: str) -> None:
        """Type into a field, after a click on it."""
        box = self.page.locator(f'[name="{field_name}"]').first
        box.click()
        box.fill(text)
        self.clicks, self.keys = self.clicks + 1, self.keys + len(text)

    def choose(self, field_name: str, label: str) -> None:
        """Choose from a list."""
        self.page.locator(f'[name="{field_name}"]').first.select_option(label=label)
        self.clicks += 2

    def check(self, field_name: str, value: str) -> None:
        """Choose one of several answers that stand there."""
        self.page.locator(f'[name="{field_name}"][value="{value}"]').first.check()
        self.clicks += 1

    def press(self, key: str) -> None:
        """Press one key."""
        self.page.keyboard.press(key)
        self.keys += 1

    def write(self, text: str) -> None:
        """Type where the focus is."""
        self.page.keyboard.type(text)
        self.keys += len(text)
