"""The platform of every service: transactions, streams, subscriptions, tasks, tokens, problems, telemetry.

It knows no noun of the office. An ``app.py`` declares a :class:`~shared.service_kit.service.Service`; one of its
processes has a :class:`~shared.service_kit.runtime.Runtime`, and everything else follows from the two.
"""
