"""The workbench's server as a browser meets it: a real one, asked by bytes that no client has tidied."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

PAGE = {"x-dabiao": "1"}
"""What only our own page sends."""


@dataclass
class Said:
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        """What it says in JSON."""
        return json.loads(self.body)

    @property
    def problems(self) -> dict[str, str]:
        """What was wrong, by path."""
        assert self.status == 422, (self.status, self.body[:500])
        return {each["path"]: each["text"] for each in self.data["problems"]}


@dataclass
class Served:
    """A server, and the folder that it serves."""

    port: int
    root: Path
    service: Any
    tab: str = "tab"
    _seq: int = field(default=0)

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Said:
        """Ask with exactly this path and these headers."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            link.request(method, path, body, PAGE if headers is None else headers)
            answer = link.getresponse()
            return Said(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            link.close()

    def post(self, path: str, asked: object) -> Said:
        """Ask a question as the page does."""
        return self.ask("POST", path, json.dumps(asked).encode())

    def plan(self, file: str, changes: dict[str, Any] | None = None, lang: str = "en") -> Said:
        """Ask for a plan."""
        self._seq += 1
        asked = {"file": file, "changes": changes or {}, "lang": lang, "tab": self.tab, "seq": self._seq}
        return self.post("/api/plan", asked)

    def glance(self, file: str, moved: dict[str, float], lang: str = "en") -> Said:
        """Ask what follows the hand."""
        self._seq += 1
        asked = {"file": file, "changes": {}, "moved": moved, "lang": lang, "tab": self.tab, "seq": self._seq}
        return self.post("/api/glance", asked)

    def job(self, task: str, *plans: tuple[str, dict[str, Any]], **more: Any) -> dict[str, Any]:
        """Begin a job."""
        stated = [{"file": file, "changes": changes} for file, changes in plans]
        said = self.post("/api/job", {"task": task, "plans": stated, "lang": "en", "tab": self.tab, **more})
        assert said.status == 200, said.body[:500]
        return dict(said.data)

    def followed(self, job: dict[str, Any], seconds: float = 120.0) -> list[dict[str, Any]]:
        """What is told of a job until it is over."""
        told, end = [job], time.monotonic() + seconds
        while told[-1]["state"] == "working":
            assert time.monotonic() < end, told[-1]
            time.sleep(0.02)
            told.append(self.ask("GET", f"/api/job/{job['job']}").data)
        return told

    def files(self) -> list[str]:
        """Everything that stands in the folder."""
        return sorted(file.relative_to(self.root).as_posix() for file in self.root.rglob("*"))


@contextmanager
def serving(root: Path, token: str = "", host: str = "127.0.0.1") -> Iterator[Served]:
    """A server of a folder, until it is stopped."""
    import uvicorn
    from dabiao.results.workbench.app import application
    from dabiao.results.workbench.desk import Desk

    app = application(Desk(root), frozenset(["*"] if token else ["127.0.0.1", "localhost"]), token=token)
    taken = socket.socket()
    taken.bind((host, 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on", server_header=False))
    thread = Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield Served(taken.getsockname()[1], root, app.state.service)
    finally:
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive()
        taken.close()
