"""A process of the toy room, as the tests start it: `python -m tests.service_kit.toy web`."""

from tests.service_kit.toy.app import service

service.main()
