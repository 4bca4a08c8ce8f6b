"""What is to be done in a case (約束・予定) on its pages: all of it, and one with its days and how it ended."""

from typing import Final

from services.ui_gateway.clients.casework import tasks as client
from services.ui_gateway.pages.casework.case_tables import tasks_of
from services.ui_gateway.pages.casework.forms import END, TASK, TASK_AGAIN
from services.ui_gateway.pages.casework.notes import body_with_content, record_number
from services.ui_gateway.pages.people.cases import case_number
from services.ui_gateway.routing.listed_answers import asked_of, page_or_file
from services.ui_gateway.routing.page_request import PageRequest
from services.ui_gateway.routing.page_routing import Pages, fresh
from services.ui_gateway.routing.results import ActResult, Download, PageResult

pages = Pages()
PURPOSE: Final = "casework"


@pages.get("/cases/<case_no>/tasks", permission="task.read")
def show_tasks(request: PageRequest, case_no: str) -> PageResult | Download:
    """What is to be done in a case by its day, what is ended, and the form of more."""
    number = case_number(case_no)
    tasks = client.tasks(request.client("case_management"), number, PURPOSE)
    today = request.clock.today()
    listed = tasks_of(number).as_asked(tasks.items, f"/cases/{number}/tasks", asked_of(), today, count=tasks.count)
    values = {"case_no": number, "listed": listed, "form": TASK}
    return page_or_file(request, PageResult("casework/tasks.html", values, tasks.raw()), listed)


@pages.act("/cases/<case_no>/tasks", permission="task.record", correlation=fresh, on=show_tasks)
def record_task(request: PageRequest, case_no: str) -> ActResult:
    """Record what is to be done."""
    number, body = case_number(case_no), body_with_content(request.read(TASK).body())
    done = client.record_task(request.client("case_management"), number, body, request.key)
    return ActResult(
        f"/cases/{number}/tasks", "予定を記録しました。期限が近づくと、最初の画面に出ます。", done.raw(), 201
    )


@pages.get("/cases/<case_no>/tasks/<task_no>", permission="task.read")
def show_task(request: PageRequest, case_no: str, task_no: str) -> PageResult:
    """One of them: its days so far, and how it ends or moves."""
    number = case_number(case_no)
    task = client.task(request.client("case_management"), number, record_number(task_no), PURPOSE)
    newest = task.newest
    days = {name: getattr(newest, name) for name in ("due_on", "covers_from", "covers_to")}
    start = {**newest.content, "kind": newest.kind, "rhythm": newest.rhythm, **days, "why": None}
    end = {**days, "ended_on": request.clock.today(), "outcome": "received" if newest.covers_from else "done"}
    values = {"case_no": number, "task": task, "form": TASK_AGAIN, "start": start, "end_form": END, "end_start": end}
    return PageResult("casework/task.html", values, task.raw())


@pages.act("/cases/<case_no>/tasks/<task_no>/entries", permission="task.record", correlation=fresh, on=show_task)
def continue_task(request: PageRequest, case_no: str, task_no: str) -> ActResult:
    """Give it another day, or correct it."""
    number = case_number(case_no)
    body = {**body_with_content(request.read(TASK_AGAIN).body()), "follows": request.sent_field("follows")}
    done = client.continue_task(request.client("case_management"), number, record_number(task_no), body, request.key)
    return ActResult(f"/cases/{number}/tasks", "予定を変えました。前の期限も記録に残っています。", done.raw(), 201)


@pages.act("/cases/<case_no>/tasks/<task_no>/end", permission="task.record", correlation=fresh, on=show_task)
def end_task(request: PageRequest, case_no: str, task_no: str) -> ActResult:
    """Done, no longer needed, or a declaration received."""
    number, body = case_number(case_no), request.read(END).body()
    done = client.end_task(request.client("case_management"), number, record_number(task_no), body, request.key)
    again = f"次の期間の予定 {done.next_task_no} を加えました。" if done.next_task_no else ""
    return ActResult(f"/cases/{number}/tasks", f"予定を終わりにしました。{again}", done.raw())
