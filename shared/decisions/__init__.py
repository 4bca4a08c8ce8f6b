"""How an office decides: facts with periods, proposal, approval by another person, determination. It knows no law.

``domain/`` is pure and the only part that a service's ``domain/`` may import. ``adapters/`` makes the tables into each
service's own schema. ``imports/`` reads a ward's files. ``use_cases/`` holds one verb a file. ``api/`` declares the
operations that every deciding service has.
"""
