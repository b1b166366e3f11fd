"""A loopback server that answers as a test says, and remembers what it was asked."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Request:
    """What a client asked."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    connection: int = 0
    """The client's port, which tells connections apart."""

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Reply:
    """What to answer. Chunks are sent one by one; without a length the connection's end is the body's end."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    chunks: Iterable[bytes] = ()

    @staticmethod
    def json(value: Any, status: int = 200, **headers: str) -> Reply:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        body = json.dumps(value).encode()
        return Reply(status, {"content-type": "application/json", "content-length": str(len(body)), **named}, [body])

    @staticmethod
    def problem(status: int, code: str, detail: str, *, headers: dict[str, str] | None = None, **more: Any) -> Reply:
        problem = {"type": "about:blank", "title": code, "status": status, "detail": detail, "code": code, **more}
        body = json.dumps(problem).encode()
        length = {"content-type": "application/problem+json", "content-length": str(len(body))}
        return Reply(status, {**length, **(headers or {})}, [body])

    @staticmethod
    def events(chunks: Iterable[bytes]) -> Reply:
        return Reply(200, {"content-type": "text/event-stream"}, chunks)


def frame(number: int, event: str, **data: Any) -> bytes:
    """One event on the wire."""
    return f"id: {number}\nevent: {event}\ndata: {json.dumps({'type': event, **data})}\n\n".encode()


Script = Callable[[Request], Reply]
Closed = Callable[[socket.socket], None]


class ScriptedServer:
    """Answers with the replies in turn, the last one again and again; or with what a function returns."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.connections = 0
        """How many were accepted."""
        self._open: set[socket.socket] = set()
        self._changed = threading.Condition()
        self.gone = threading.Event()
        """Set when a client closed the connection while it was being answered."""
        self._script: Script = lambda request: Reply.problem(500, "no_script", f"nothing to say to {request.path}")
        self._http = _Listener(("127.0.0.1", 0), _handler(self), self.disconnected)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def reply(self, *replies: Reply | Script) -> None:
        """Says what to answer from now on."""
        left: Iterator[Reply | Script] = iter(replies[:-1])
        last = replies[-1]

        def script(request: Request) -> Reply:
            chosen = next(left, last)
            return chosen if isinstance(chosen, Reply) else chosen(request)

        self._script = script

    def answer(self, request: Request) -> Reply:
        self.requests.append(request)
        return self._script(request)

    def wait_for_connections(self, count: int) -> bool:
        """Waits until so many are open."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._open) == count, timeout=10)

    def drop_connections(self) -> None:
        """Closes what is open, as a server does that has waited long enough for another request."""
        with self._changed:
            for connection in self._open:
                connection.shutdown(socket.SHUT_RDWR)

    def connected(self, connection: socket.socket) -> None:
        with self._changed:
            self.connections += 1
            self._open.add(connection)
            self._changed.notify_all()

    def disconnected(self, connection: socket.socket) -> None:
        with self._changed:
            self._open.discard(connection)
            self._changed.notify_all()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler], closed: Closed) -> None:
        super().__init__(address, handler)
        self._closed = closed

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        self._closed(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is what some tests are about."""


def _handler(server: ScriptedServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # One write for each answer's head and one for its body: without this the second waits for the first's receipt.
        disable_nagle_algorithm = True

        def setup(self) -> None:
            server.connected(self.request)
            super().setup()

        def answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, self.path, headers, self.rfile.read(length), self.client_address[1])
            reply = server.answer(request)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status != 204 and "content-length" not in reply.headers:
                self.send_header("connection", "close")
                self.close_connection = True
            self.end_headers()
            try:
                for chunk in reply.chunks:
                    self.wfile.write(chunk)
                    self.wfile.flush()
            except OSError:
                server.gone.set()

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

        def log_message(self, *_: Any) -> None:
            """Tests print what matters."""

    return Handler


class Hold:
    """A reply's chunk that is sent only when the test says so, or never."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.released = threading.Event()

    def until_released(self, *chunks: bytes) -> Iterator[bytes]:
        """Announces itself, waits, then sends the chunks."""
        self.asked.set()
        self.released.wait(timeout=30)
        yield from chunks

    @staticmethod
    def until_gone(first: Iterable[bytes] = ()) -> Iterator[bytes]:
        """Sends the first chunks and then comments, until the client closes the connection and writing fails."""
        yield from first
        pause = threading.Event()
        while not pause.wait(0.005):
            yield b": still here\n\n"


def unused_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
