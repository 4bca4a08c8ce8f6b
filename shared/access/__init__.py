"""Who of the office may see or change whose record: scopes, emergency access, confirmations.

An ``app.py`` hands `guard.GUARD` to its service; where its routes are about records, it declares `emergency_routes`
and seals `emergencies.EMERGENCIES`.
"""
