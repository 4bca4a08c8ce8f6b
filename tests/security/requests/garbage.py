"""Messages as no client of ours writes them, byte by byte: heads, addresses, lengths, chunks, JSON, forms."""

from collections.abc import Iterator
from typing import Final

LONG: Final = b"x" * 9_000
DEEP: Final = 50_000
LINES: Final = {
    "no version": b"GET /health/ready",
    "another version": b"GET /health/ready HTTP/9.9",
    "half a version": b"GET /health/ready HTTP/1.",
    "a method of two words": b"GE T /health/ready HTTP/1.1",
    "a method of bytes": b"\xff\xfe /health/ready HTTP/1.1",
    "no address": b"GET  HTTP/1.1",
    "a star": b"OPTIONS * HTTP/1.1",
    "another host's address": b"GET http://elsewhere.example/health/ready HTTP/1.1",
    "an address to connect to": b"CONNECT 127.0.0.1:5432 HTTP/1.1",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "NUL": b"\0\0\0\0",
}
"""First lines; all that follows is good."""
ADDRESSES: Final = (b"/%ff", b"/%00", b"/\xff", b"/%", b"/%zz", b"/../../etc/passwd", b"//", b"/;x", b"/" + LONG)
QUERIES: Final = (
    b"month=%ff",
    b"month=\xff",
    b"month=%00",
    b"%",
    b"month=%zz",
    b"=&=&&",
    b"month=0000-01",
    b"month=9999-12",
    b"after=99999999999999999999999&stream=facts",
    b"after=-1&stream=facts",
    b"after=%D9%A3&stream=facts",
    b"first=9999-12-31T23:59:59Z&last=0001-01-01T00:00:00%2B14:00",
    b"on=0001-01-01",
    b"on=9999-12-31",
    b"purpose=casework&month=1873-01",
    b"purpose=\xe5\xa4\x9c",
    b"limit=1e9",
    b"before=9223372036854775808",
    b"&".join(b"a%d=1" % one for one in range(2_000)),
)
HEADERS: Final = (
    b"Authorization: Bearer \xff\xfe",
    b"Authorization: Bearer " + b"a." * 3_000,
    b"Idempotency-Key: \xff" + b"k" * 20,
    b"Kurashi-Correlation: \xff",
    b"traceparent: 00-\xff-\xff-01",
    b"traceparent: " + LONG,
    b"Cookie: kurashi=\xff; =;;",
    b"Cookie: kurashi=~\xff; kurashi-browser=~~~",
    b"Content-Type: \xff/\xff; charset=\xff",
    b"Host: \xff",
    b"Host: ",
    b"X-Long: " + LONG,
    b": empty",
    b"no colon",
    b" folded: x",
    b"Na me: x",
    b"X\0: y",
    b"X: \0",
    b"Expect: nothing",
    b"X-Forwarded-For: \xff, ,",
    b"Accept: \xff",
    b"Range: bytes=9-1",
    b"\r\n".join(b"X-%d: y" % one for one in range(300)),
)
LENGTHS: Final = (
    (b"Content-Length: -1", b"{}"),
    (b"Content-Length: abc", b"{}"),
    (b"Content-Length: 1e3", b"{}"),
    (b"Content-Length: 99999999999999999999", b"{}"),
    (b"Content-Length: 9", b"{}"),
    (b"Content-Length: 2\r\nContent-Length: 3", b"{}"),
    (b"Content-Length: \xd9\xa3", b"{}"),
    (b"Transfer-Encoding: gzip", b"{}"),
    (b"Transfer-Encoding: chunked, chunked", b"0\r\n\r\n"),
    (b"Transfer-Encoding: \x0bchunked", b"0\r\n\r\n"),
    (b"Transfer-Encoding: chunked", b"zz\r\n{}\r\n0\r\n\r\n"),
    (b"Transfer-Encoding: chunked", b"-2\r\n{}\r\n0\r\n\r\n"),
    (b"Transfer-Encoding: chunked", b"9\r\n{}"),
    (b"Transfer-Encoding: chunked", b"ffffffffffffffffff\r\n{}"),
    (b"Transfer-Encoding: chunked", b"2\r\n{}0\r\n\r\n"),
    (b"Transfer-Encoding: chunked", b"2;\xff=\0\r\n{}\r\n0\r\n\r\n"),
    (b"Transfer-Encoding: chunked", b""),
    (b"Transfer-Encoding: chunked", b"2\r\n{}\r\n0\r\nBad Trailer\r\n\r\n"),
    (b"Transfer-Encoding: chunked", b"+2\r\n{}\r\n0\r\n\r\n"),
    (b"Transfer-Encoding: chunked", b"0x2\r\n{}\r\n0\r\n\r\n"),
)
"""A length or encoding, and a body that does not fit it or is cut."""
BODIES: Final = (
    b"",
    b"null",
    b"7",
    b'"',
    b"{",
    b"[]",
    b"\xff\xfe",
    b'{"a": "\xff"}',
    b'{"a": "\\ud800"}',
    b'{"a": "\\u0000"}',
    b'{"a": "\0"}',
    b'{"a": NaN, "b": 1e999}',
    b"\xef\xbb\xbf{}",
    '{"month": "2026-12"}'.encode("utf-16"),
    b"[" * DEEP + b"]" * DEEP,
    b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    b'{"month": ' + b"9" * 5_000 + b"}",
    b'{"month": "\xd9\xa2\xd9\xa0\xd9\xa2\xd9\xa6-12"}',
    b'{"month": "0000-01", "run_kind": "regular"}',
    b'{"month": "9999-12", "run_kind": "regular"}',
    b'{"month": {"$gt": ""}}',
    b'{"sha256": "\\ud800"}',
)
FORMS: Final = (
    (b"multipart/form-data", b"--x"),
    (b"multipart/form-data; boundary=", b"--x"),
    (b"multipart/form-data; boundary=x", b""),
    (b"multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\xff\r\n\r\n\xff\r\n--x--"),
    (
        b"multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a.csv"; filename="\xff\0"\r\n'
        b"Content-Type: text/csv\r\n\r\n\xff\xfe\r\n--x--\r\n",
    ),
    (b"multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: attachment\r\n\r\na\r\n--x--"),
    (b"multipart/form-data; boundary=x", b"--x\r\n" + b"A: b\r\n" * 5_000 + b"\r\n--x--"),
    (b"multipart/form-data; boundary=" + b"y" * 3_000, b"--" + b"y" * 3_000),
    (b"multipart/form-data; boundary=x; charset=\xff", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'),
    (b"application/x-www-form-urlencoded", b"csrf=%ff&a=\xff&&=%zz"),
    (b"application/x-www-form-urlencoded", b"a&" * 50_000),
    (b"application/x-www-form-urlencoded; charset=utf-7", b"csrf=+AGE-"),
    (b"text/plain; charset=\xff", b"\xff"),
)


def message(line: bytes, *lines: bytes, body: bytes | None = None) -> bytes:
    """A request; with a body its length is told truly."""
    length = [b"Content-Length: %d" % len(body)] if body is not None else []
    return b"\r\n".join([line, b"Host: x", b"Connection: close", *lines, *length, b"", body or b""])


def to_read(path: bytes, *own: bytes) -> Iterator[bytes]:
    """Garbage for an address that is read; ``own`` are headers that let it come further."""
    for line in LINES.values():
        yield message(line, *own)
    for address in ADDRESSES:
        yield message(b"GET " + path + address + b" HTTP/1.1", *own)
    yield from queries(path, *own)
    for header in HEADERS:
        yield message(b"GET " + path + b" HTTP/1.1", *own, header)
    yield message(b"DELETE " + path + b" HTTP/1.1", *own)


def to_write(path: bytes, *own: bytes) -> Iterator[bytes]:
    """Garbage for an address that is written to."""
    line, kind = b"POST " + path + b" HTTP/1.1", b"Content-Type: application/json"
    for length, body in LENGTHS:
        yield message(line, *own, kind, length) + body
    yield from bodies(path, *own)
    for form, body in FORMS:
        yield message(line, *own, b"Content-Type: " + form, body=body)
    for header in HEADERS:
        yield message(line, *own, kind, header, body=b"{}")


def queries(path: bytes, *own: bytes) -> Iterator[bytes]:
    """Garbage behind the question mark."""
    for query in QUERIES:
        yield message(b"GET " + path + b"?" + query + b" HTTP/1.1", *own)


def bodies(path: bytes, *own: bytes) -> Iterator[bytes]:
    """Garbage where JSON is expected, called so or not."""
    for place, body in enumerate(BODIES):
        kind = [b"Content-Type: application/json"] if place % 2 else []
        yield message(b"POST " + path + b" HTTP/1.1", *own, *kind, body=body)
