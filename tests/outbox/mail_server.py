"""A mail server on loopback that takes mail, refuses it, stalls or hangs up, so that Django's real SMTP is tried."""

import socketserver
import threading
from email import message_from_bytes
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import Message


class MailServer:
    """Listens while in its `with` block; `received` holds what it accepted, a repeat included."""

    def __init__(self) -> None:
        self.received: list[Message] = []
        self.answers: dict[str, str] = {}  # to a sender or recipient: "550 no such user"
        self.hangs_up_on: set[str] = set()
        self.stalls_on: set[str] = set()
        self.before_accepting: Callable[[Message], None] = lambda message: None
        self.over = threading.Event()
        server = self

        class Conversation(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                server.converse(self)

        self._tcp = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation)
        self._tcp.daemon_threads = True

    @property
    def port(self) -> int:
        return self._tcp.server_address[1]

    @property
    def recipients(self) -> list[str]:
        return [message["To"] for message in self.received]

    def __enter__(self) -> "MailServer":
        threading.Thread(target=self._tcp.serve_forever, args=[0.01], daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.over.set()
        self._tcp.shutdown()
        self._tcp.server_close()

    def converse(self, client: socketserver.StreamRequestHandler) -> None:
        def say(words: str) -> None:
            client.wfile.write(words.encode() + b"\r\n")

        say("220 ready")
        while line := client.rfile.readline():
            verb, _, rest = line.decode().strip().partition(" ")
            if verb.upper() in {"MAIL", "RCPT"}:
                address = rest.partition("<")[2].partition(">")[0]
                if address in self.stalls_on:
                    self.over.wait(30)
                if address in self.hangs_up_on | self.stalls_on:
                    return
                say(self.answers.get(address, "250 ok"))
            elif verb.upper() == "DATA":
                say("354 go on")
                self.take(client)
                say("250 taken")
            elif verb.upper() == "QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")

    def take(self, client: socketserver.StreamRequestHandler) -> None:
        lines = []
        while (line := client.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        message = message_from_bytes(b"".join(lines))
        self.received.append(message)
        self.before_accepting(message)
