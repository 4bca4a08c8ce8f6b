"""The HTTP application of a service: parse, open the transaction, call one use case, answer."""

import hashlib
import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Flask, Response, request
from opentelemetry.trace import SpanKind
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import HTTPException

from shared.service_kit.database.engine import is_transient
from shared.service_kit.http import idempotency, refusals, request_guards
from shared.service_kit.http.idempotency import Answer
from shared.service_kit.http.platform_routes import health
from shared.service_kit.http.problem_responses import as_response, problem_of
from shared.service_kit.http.quick_rules import QuickRule
from shared.service_kit.http.refusals import Attempt
from shared.service_kit.http.routing import Route
from shared.service_kit.identity.access_tokens import Caller
from shared.service_kit.observability import telemetry
from shared.service_kit.observability.logs import log
from shared.service_kit.problems import ASK_ADMINISTRATOR, Problem, error_location
from shared.service_kit.runtime import Runtime
from shared.service_kit.service import Service
from shared.service_kit.unit_of_work import UnitOfWork, unit_of_work

if TYPE_CHECKING:
    from apiflask import APIFlask

TRIES = 3
AGAIN_WITHIN = 2.0
"""Seconds after which a request is not tried again: a time-out is not waited for three times over."""


@dataclass(frozen=True)
class Operation:
    """One declared route of a service in one of its processes."""

    service: Service
    runtime: Runtime
    route: Route

    def unit_of_work(self, caller: Caller) -> AbstractContextManager[UnitOfWork]:
        """Open a unit of work in the caller's name and the request's journey."""
        return unit_of_work(self.runtime, actor=caller.actor, correlation=telemetry.current_correlation())


def make_app(service: Service, runtime: Runtime) -> "APIFlask":
    """Make the service's HTTP application: its routes, the platform's, problems, metrics, health."""
    from apiflask import APIFlask

    app = APIFlask(
        f"kurashi.{service.name}", title=f"Kurashi {service.name}", version="1", docs_path=None, spec_path=None
    )
    app.config.update(SPEC_FORMAT="json")
    app.url_rule_class = QuickRule
    request_guards.guard(app, runtime.settings)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    for routes in service.all_routes():
        for route in routes.routes:
            _refuse_scope_without_record(service, route)
            _mount(app, Operation(service, runtime, route), routes.tag)
    for blueprint in service.blueprints:
        app.register_blueprint(blueprint(runtime))
    app.register_blueprint(health(runtime))
    _handle_errors(app)
    _measure(app)
    return app


def _refuse_scope_without_record(service: Service, route: Route) -> None:
    scopes = set(service.permissions.get(route.permission or "", {}).values())
    if scopes - service.guard.needs_no_record and route.of is None:
        raise TypeError(f"{route.method} {route.path}: {route.permission} has scopes, and `of` names no record")


def _mount(app: "APIFlask", operation: Operation, tag: str) -> None:
    from apiflask.scaffold import _annotate

    route = operation.route
    converters = {UUID: "uuid", int: "int"}
    path = route.path
    for name, hint in route.hints.items():
        if hint in converters:
            path = path.replace(f"<{name}>", f"<{converters[hint]}:{name}>")

    def view(**parts: Any) -> Response:
        return _serve(operation, parts)

    view.__name__ = route.handler.__name__
    view.__doc__ = route.handler.__doc__
    documented: Any = view
    if route.returns:
        documented = app.output(route.returns, status_code=route.status)(documented)
    # Annotated, not app.input(): that would read the body before the token is verified.
    if route.body:
        _annotate(documented, body=route.body, content_type="application/json")
    if route.query:
        _annotate(documented, args=[(route.query, "query")])
    security: list[str | dict[str, list[Any]]] = [] if route.permission is None else [{"token": [route.permission]}]
    documented = app.doc(tags=[tag], operation_id=view.__name__, security=security)(documented)
    app.add_url_rule(path, endpoint=view.__name__, view_func=documented, methods=[route.method])


def _serve(operation: Operation, parts: dict[str, Any]) -> Response:
    with telemetry.span(
        f"{operation.route.method} {operation.route.path}",
        kind=SpanKind.SERVER,
        correlation=idempotency.fresh_correlation(),
        parent=request.headers.get("traceparent", ""),
    ):
        return _guarded(operation, parts)


def _guarded(operation: Operation, parts: dict[str, Any]) -> Response:
    caller = Caller("unknown", "person", frozenset())
    refusals.publish_untold(operation.runtime)
    try:
        if operation.route.permission is not None:
            caller = operation.runtime.token_verifier.verify(request.headers.get("Authorization", ""))
            _admit(operation, operation.route.permission, caller)
            telemetry.go_on(_journey(operation, caller))
        return _retried(operation, caller, parts)
    except Problem as problem:
        if problem.status in (401, 403) or problem.name in operation.service.guard.audited:
            _refuse(operation, caller, problem)
        if problem.entry:
            _record_entry(operation, caller, problem.entry)
        raise


def _admit(operation: Operation, permission: str, caller: Caller) -> None:
    """Let in a caller who asks not too much, and who has the permission."""
    machine, runtime = caller.kind != "person", operation.runtime
    runtime.rate_limits.admit(caller.actor, machine=machine, approval=operation.route.approval)
    if not caller.may(permission, runtime.permissions):
        raise Problem("not-permitted", detail=ASK_ADMINISTRATOR, extra={"permission": permission})


def _refuse(operation: Operation, caller: Caller, problem: Problem) -> None:
    route = operation.route
    attempt = Attempt(caller, request.remote_addr or "", route.method, route.path, route.permission or "")
    refusals.refuse(operation.runtime, attempt, problem, telemetry.current_correlation())


def _record_entry(operation: Operation, caller: Caller, entry: tuple[str, dict[str, Any]]) -> None:
    type_, data = entry
    with operation.unit_of_work(caller) as work:
        work.audit_entry(operation.runtime.fact_types[type_](**data), "refusal")


def _retried(operation: Operation, caller: Caller, parts: dict[str, Any]) -> Response:
    route = operation.route
    arguments = {**parts, **_read(operation)}
    _check_purpose(operation, caller, arguments)
    key = _key(caller, arguments) if route.writes else None
    if route.upload and key:
        with operation.unit_of_work(caller) as work:
            kept = idempotency.find(work, key)
        if kept:
            return _response(kept)
        arguments["files"] = route.upload(operation.runtime, arguments["files"])
    asked = _ask(operation, caller, arguments)
    began = time.monotonic()
    for left in reversed(range(TRIES)):
        try:
            return _worked(operation, caller, arguments, asked, key)
        except Exception as error:
            if not left or not is_transient(error) or time.monotonic() - began > AGAIN_WITHIN:
                raise
            log().warning("request.again", route=route.path, why=error_location(error))
    raise AssertionError("unreachable")


def _ask(operation: Operation, caller: Caller, arguments: dict[str, Any]) -> Callable[[], dict[str, Any]]:
    """What other services answer, asked once and with no transaction open.

    What they refuse is raised where it is needed: a repeated request is answered as the first time without it.
    """
    if operation.route.ask is None:
        return dict
    try:
        response = operation.route.ask(operation.runtime, caller=caller, **arguments)
    except Problem as problem:
        refused = problem

        def refuse() -> dict[str, Any]:
            raise refused

        return refuse
    return lambda: {"asked": response}


def _worked(
    operation: Operation,
    caller: Caller,
    arguments: dict[str, Any],
    asked: Callable[[], dict[str, Any]],
    key: idempotency.Key | None,
) -> Response:
    route = operation.route
    with operation.unit_of_work(caller) as work:
        work.caller = caller
        if route.of is not None and route.permission:
            named = {name: arguments[name] for name in arguments.keys() - {"body", "query", "files"}} | asked()
            operation.service.guard.check_record(work, caller, route.permission, route.of(work, **named))
        if key is None:
            answer = _render(route, route.handler(work, **arguments, **asked()))
        else:
            kept = idempotency.find(work, key)
            if route.approval and not kept:
                operation.service.guard.confirm(work, caller, arguments["body"].sha256)
            answer = kept or _render(route, route.handler(work, **arguments, **asked()))
            if not kept:
                idempotency.keep(work, key, answer)
    return _response(answer)


def _key(caller: Caller, arguments: dict[str, Any]) -> idempotency.Key:
    return idempotency.Key(request.headers.get("Idempotency-Key", ""), caller.actor, _request_sha256(arguments))


def _response(answer: Answer) -> Response:
    return Response(answer.body, status=answer.status, content_type=answer.content_type, headers=answer.headers)


def _read(operation: Operation) -> dict[str, Any]:
    route = operation.route
    try:
        if route.upload:
            return {"files": request_guards.read_files(operation.runtime.settings, route.accepts)}
        if route.body:
            return {"body": route.body.model_validate_json(request_guards.read_json())}
        if route.query:
            return {"query": route.query.model_validate(request.args.to_dict())}
    except ValidationError as error:
        faults = [{"field": ".".join(map(str, fault["loc"])), "problem": fault["type"]} for fault in error.errors()]
        field_name = faults[0]["field"]
        raise Problem(
            "invalid-input", field=field_name, detail="項目を確認してください", extra={"faults": faults}
        ) from None
    return {}


def _check_purpose(operation: Operation, caller: Caller, arguments: dict[str, Any]) -> None:
    """Where a route asks for a purpose, the caller names one that is declared for the role in which it is let in."""
    service, route = operation.service, operation.route
    asked: Any = arguments.get("query") or arguments.get("body")
    if not hasattr(asked, "purpose") or route.permission is None:
        return
    declared = service.purposes.get(route.permission, {})
    roles = caller.roles_with(route.permission, service.permissions)
    if not any(asked.purpose in declared.get(role, ()) for role in roles):
        raise Problem("invalid-input", field="purpose", detail="この職務で使える目的から選んでください")


def _render(route: Route, result: Any) -> Answer:
    if isinstance(result, Answer):
        return result
    if isinstance(result, BaseModel):
        body = result.model_dump_json(by_alias=True)
    else:
        body = json.dumps(result, ensure_ascii=False, default=str)
    return Answer(body.encode() if result is not None else b"", "application/json", route.status)


def _request_sha256(arguments: dict[str, Any]) -> str:
    """What was sent: of a multipart form its files, since its boundary is another at each repetition."""
    digest = hashlib.sha256(f"{request.method} {request.full_path}\n".encode())
    for name, content in arguments.get("files", {}).items():
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    if "files" not in arguments:
        digest.update(request.get_data())
    return digest.hexdigest()


def _journey(operation: Operation, caller: Caller) -> str:
    """The journey to which a request says that it belongs, where it may; else the one that it began itself.

    A service hands on the journey of its own act or page. Whoever else asks may only add an act to a journey that the
    office shares; nobody's steps stand in the journey of another because they named it.
    """
    try:
        correlation = str(UUID(request.headers.get(telemetry.CORRELATION_HEADER, "")))
    except ValueError:
        return telemetry.current_correlation()
    handed_on = caller.kind != "person" or caller.through in operation.runtime.catalog.services
    shared = operation.route.writes and operation.service.shares_journey(correlation, operation.runtime.clock.today())
    return correlation if handed_on or shared else telemetry.current_correlation()


def _handle_errors(app: Flask) -> None:
    def answer(error: Exception) -> Response:
        return as_response(problem_of(error))

    for kind in (Problem, HTTPException, Exception):
        app.register_error_handler(kind, answer)


def _measure(app: Flask) -> None:
    @app.before_request
    def begin() -> None:
        request.environ["kurashi.begin"] = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        seconds = time.perf_counter() - request.environ.get("kurashi.begin", time.perf_counter())
        route = request.url_rule.rule if request.url_rule else "none"
        telemetry.HTTP_SECONDS.labels(request.method, route, response.status_code).observe(seconds)
        return response
