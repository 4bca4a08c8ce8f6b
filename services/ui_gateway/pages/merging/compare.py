"""Two numbers side by side: whether they are one person (名寄せ), and which stays."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from services.ui_gateway.clients import residents
from services.ui_gateway.clients.merging import merges
from services.ui_gateway.clients.parallel import ask_all
from services.ui_gateway.clients.residents import Resident
from services.ui_gateway.pages.merging.merge_forms import DISTINCTION, merge_form
from services.ui_gateway.pages.people.residents import PURPOSE, person_number
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages, fresh
from services.ui_gateway.routing.results import ActResult, PageResult
from shared.service_kit.problems import Problem

pages = Pages()
_PAIR: Final = "/residents/<person_no>/same/<other>"


@pages.get(_PAIR, permission="resident.read")
def compare_two(request: PageRequest, person_no: str, other: str) -> PageResult:
    """Two people of the register side by side, with what they share."""
    service, people = request.client("case_management"), _people(request, person_no, other)
    questions: dict[str, Callable[[], Any]] = {
        person.person_no: partial(residents.details, service, person.person_no, PURPOSE) for person in people
    }
    for person in people:
        questions[f"like {person.person_no}"] = partial(merges.candidates, service, person.person_no, PURPOSE)
    questions["history"] = partial(merges.merge_history, service, people[0].person_no, PURPOSE)
    answers = ask_all(questions)
    history = answers["history"]
    like, like_other = (answers[f"like {person.person_no}"] for person in people)
    known: list[merges.Candidate] = [] if isinstance(like, Problem) else like.items
    values = {
        "people": people,
        "details": answers,
        "reasons": next((candidate.reasons for candidate in known if candidate.person.person_no == other), []),
        "births": [None if isinstance(one_of, Problem) else one_of.person.birth for one_of in (like, like_other)],
        "away": isinstance(like, Problem),
        "apart": None if isinstance(history, Problem) else history.standing(people[1].person_no),
        "form": merge_form(*people),
        "distinction": DISTINCTION,
    }
    return PageResult("merging/compare.html", values, {"items": [person.raw() for person in people]})


@pages.act(f"{_PAIR}/merges", permission="merge.propose", correlation=fresh, on=compare_two)
def propose_merging(request: PageRequest, person_no: str, other: str) -> ActResult:
    """Propose that the two are one person, and which number stays."""
    body = request.read(merge_form(*_people(request, person_no, other))).body()
    (goes,) = {person_no, other} - {body["stays"]}
    done = merges.propose_merge(request.client("case_management"), goes, body, request.key)
    message = "名寄せを起案しました。別の人が決裁するまで、何も変わりません。"
    return ActResult(f"/residents/{goes}/merges", message, done.raw(), 201)


@pages.act(f"{_PAIR}/distinctions", permission="merge.propose", correlation=fresh, on=compare_two)
def distinguish_two(request: PageRequest, person_no: str, other: str) -> ActResult:
    """Say that the two are two people."""
    number = person_number(person_no)
    body = {**request.read(DISTINCTION).body(), "other": person_number(other)}
    done = merges.distinguish(request.client("case_management"), number, body, request.key)
    message = "別の人であることを記録しました。この組は候補に出なくなります。"
    return ActResult(f"/residents/{number}/merges", message, done.raw(), 201)


def _people(request: PageRequest, person_no: str, other: str) -> list[Resident]:
    numbers = [person_number(person_no), person_number(other)]
    if numbers[0] == numbers[1]:
        raise Problem("not-found", field="other", detail="同じ番号です。もう一方の宛名番号を選んでください")
    service = request.client("case_management")
    people: list[Resident] = []
    answers = ask_all({number: partial(residents.resident, service, number, PURPOSE) for number in numbers})
    for answer in answers.values():
        if isinstance(answer, Problem):
            raise answer
        people.append(answer)
    return people
