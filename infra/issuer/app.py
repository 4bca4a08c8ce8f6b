"""The development issuer as a web application: OpenID Connect discovery, keys, login page, tokens."""

from flask import Flask, Response, jsonify

from infra.issuer.approval import LOGIN, STEP_UP, TYPE
from infra.issuer.back_channel_logout import Goodbye
from infra.issuer.clients import scopes_of
from infra.issuer.duties import Register, of_the_staff_file
from infra.issuer.endpoints.authorize import pages
from infra.issuer.endpoints.logout import endpoint as logout
from infra.issuer.endpoints.token import EXCHANGE, endpoint
from infra.issuer.keys import ALGORITHM, SigningKeys
from infra.issuer.settings import Settings, load
from infra.issuer.state import State, state
from infra.issuer.tokens import Tokens
from shared.service_kit.http.bodies import ReadableBodies

MAX_REQUEST_BYTES = 64 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application.

    Raises:
        RefusedToStart: in production, where KURASHI_ENV is not set, or where a setting is missing.
    """
    settings = settings or load()
    keys = SigningKeys(settings.keys)
    app = Flask(__name__)
    app.wsgi_app = ReadableBodies(app.wsgi_app)  # type: ignore[method-assign]
    app.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST_BYTES
    tokens = _tokens(settings, keys)
    app.extensions["issuer"] = State(settings, keys, tokens, Goodbye(tokens, settings.backchannel_uris))
    for blueprint in (pages, endpoint, logout):
        app.register_blueprint(blueprint)
    app.add_url_rule("/.well-known/openid-configuration", view_func=discovery)
    app.add_url_rule("/jwks", view_func=jwks)
    app.add_url_rule("/health/live", endpoint="live", view_func=health)
    app.add_url_rule("/health/ready", endpoint="ready", view_func=health)
    app.after_request(_protect)
    return app


def _tokens(settings: Settings, keys: SigningKeys) -> Tokens:
    if not settings.register_url:
        return Tokens(settings.url, keys, of_the_staff_file)
    own = Tokens(settings.url, keys, of_the_staff_file)
    scopes = scopes_of("issuer", "case_management")
    register = Register(
        settings.register_url, lambda: own.for_machine("issuer", "case_management", scopes), settings.today
    )
    return Tokens(settings.url, keys, register)


def discovery() -> Response:
    """Answer OpenID Connect discovery."""
    settings = state().settings
    return jsonify(
        {
            "issuer": settings.url,
            "authorization_endpoint": f"{settings.browser_url}/authorize",
            "token_endpoint": f"{settings.url}/token",
            "jwks_uri": f"{settings.url}/jwks",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials", EXCHANGE],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "subject_types_supported": ["public"],
            "scopes_supported": ["openid"],
            "acr_values_supported": [LOGIN, STEP_UP],
            "authorization_details_types_supported": [TYPE],
            "authorization_response_iss_parameter_supported": True,
            "end_session_endpoint": f"{settings.browser_url}/end_session",
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
        }
    )


def jwks() -> Response:
    """Answer the public keys."""
    return jsonify(state().keys.published())


def health() -> Response:
    """Answer that the issuer is up; it depends on nothing."""
    return jsonify(status="ok")


def _protect(answer: Response) -> Response:
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    answer.headers.setdefault("Referrer-Policy", "no-referrer")
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer
