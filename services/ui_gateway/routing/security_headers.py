"""Headers of every answer: nothing from elsewhere, nothing inline, nothing kept."""

from flask import Response

from services.ui_gateway.routing.gateway import Gateway


def protect(response: Response, gateway: Gateway) -> Response:
    """Put the security headers on an answer; a file has a stricter policy already."""
    response.headers.setdefault("Content-Security-Policy", content_security_policy(gateway))
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
    response.headers.setdefault("Cache-Control", "no-store")
    if gateway.secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response


def content_security_policy(gateway: Gateway) -> str:
    """Own style, images and scripts, which ask here alone; forms lead here, and on to the provider after a session."""
    forms = " ".join(["'self'", *gateway.provider.known_origins()])
    return (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
        f"form-action {forms}; frame-ancestors 'none'; base-uri 'none'"
    )
