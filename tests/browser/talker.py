"""Somebody at the chat who reads the last question and the answers under it, as people do, and then answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

ANSWERS: Mapping[str, str] = {
    "good time": "It is a good time",
    "anyone else use|else see": "Nobody",
    "may we keep": "You may keep it",
    "who may we talk to": "Housing",
    "get in touch with you again": "You may",
    "safest way": "Text a number",
    "which number": "07700 900456",
    "days and times": "Mon and Wed 10 to 2",
    "get in touch first": "You may go first",
    "say who we are": "Keep them plain",
    "go quiet": "Try once more",
    "not you who": "This can wait.",
    "call you": "Robin",
    "how old": "18 or over",
    "town": "Worthing",
    "are you safe": "Safe for now",
    "going on at home": "he shouts at me every day and takes my wages",
    "part of this": "Children",
    "would you like to do now": "Send it to the team",
}
"""What somebody says to which question, by a few words of it. To any other they say the first thing offered."""
SHORT: Mapping[str, str] = {"get in touch with you again": "No, I will come to you", **ANSWERS}
"""Leaves out how to be reached, and so leads to the number to come back with in a few steps."""
SENT = "It is sent"
MOST = 60
"""Questions; a talk that asks more goes round in circles."""


@dataclass
class Talker:
    """Talks on `page`; `scripts` says whether it runs any."""

    page: Page
    scripts: bool = True

    @property
    def theirs(self) -> Locator:
        """What was said to this person, oldest first."""
        return self.page.locator(".log .theirs .words")

    @property
    def choices(self) -> Locator:
        return self.page.get_by_role("group", name="Answers you can pick").get_by_role("button")

    def start(self, address: str) -> "Talker":
        """From the first screen into the talk."""
        self.page.goto(address)
        self.page.get_by_role("button", name="Start").click()
        self.question()
        self.page.wait_for_load_state()
        return self

    def come_back(self, address: str, number: str) -> None:
        """Type a number on the first screen."""
        self.page.goto(address)
        self.page.get_by_text("I have a number").click()
        self.page.get_by_label("Your number").fill(number)
        self.page.get_by_role("button", name="Go on").click()

    def question(self) -> str:
        """The last words, once they offer an answer, or once everything is sent."""
        expect(self.choices.or_(self.page.get_by_text(SENT)).first).to_be_visible()
        return self.theirs.last.inner_text()

    def say(self, words: str) -> None:
        """Press the answer that says so, or else write it; without scripts, until the next page is there."""
        offered = self.choices.get_by_text(words, exact=True)
        if not offered.count():
            self.page.get_by_label("Your message").fill(words)
        press = offered if offered.count() else self.page.get_by_role("button", name="Send")
        if self.scripts:
            press.click()
        else:
            with self.page.expect_navigation():
                press.click()

    def hears(self, words: str) -> None:
        """Wait until the last that was said has these words in it."""
        expect(self.theirs.last).to_contain_text(words)

    def answer(self, until: str = SENT, answers: Mapping[str, str] = ANSWERS) -> str:
        """Answer every question up to the one that has `until` in it; that one."""
        for _ in range(MOST):
            asked = self.question()
            if until in asked or self.page.get_by_text(SENT).count():
                return asked
            self.say(answer_to(asked, answers) or self.choices.first.inner_text())
        raise AssertionError(f"never came to {until!r}")


def answer_to(asked: str, answers: Mapping[str, str]) -> str:
    """The answer to a question; empty where the table has none."""
    return next((said for words, said in answers.items() if re.search(words, asked, re.IGNORECASE)), "")
