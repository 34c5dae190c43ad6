"""The server of the page: what it may be asked, and who may ask (服务)."""

from __future__ import annotations

import gc
import hashlib
import secrets
from asyncio import CancelledError
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...models.errors import DabiaoError, ScenarioError
from ...models.quantity import Bilingual
from ...models.words import LANGUAGES, msg, preferred
from ...scenarios.files import LARGEST
from ..forms.html_style import STYLE, columns_style
from . import screen
from .bench import Bench
from .changes import checked
from .desk import Desk, Superseded, Wanted
from .jobs import Jobs
from .levers import quick
from .worker import TASKS, problems

STATIC = Path(__file__).parent / "static"
HEADER = b"x-dabiao"
"""The header that only our own page sends."""
LONGEST = 2_000_000
"""Bytes of a question; files that are brought in may be larger."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self';"
    " font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
MOST_PLANS, MOST_TABS = 4, 1000
"""Plans of one comparison, and tabs that are known at a time."""
_MOST_COLUMNS = 48
_BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}
FORMS = ("word", "excel", "html", "markdown")


class Guard:
    """Lets only our own page ask: the host must be the one that is served, what changes anything must come
    from the same page, and where a token is asked for it must be there. Every answer has a strict policy of
    contents."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str], token: str) -> None:
        self.app, self.hosts, self.token = app, hosts, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        request = Request(scope)
        reason = self.refused(request)
        begun = False

        async def headed(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = [*message["headers"], *_HEADERS]
            await send(message)

        if reason:
            await PlainTextResponse(reason, 403)(scope, receive, headed)
            return
        try:
            await self.app(scope, receive, headed)
        except CancelledError:  # the server is being ended
            if not begun:
                await PlainTextResponse("the server was ended", 503)(scope, receive, headed)

    def refused(self, request: Request) -> str:
        """Why a request is refused; empty where it is not."""
        host = request.headers.get("host", "")
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
        if "*" not in self.hosts and name.strip("[]").lower() not in self.hosts:
            return "unknown host"
        asks = request.method not in ("GET", "HEAD")
        if asks or request.url.path.startswith("/api"):
            origin = request.headers.get("origin")
            if origin is not None and origin.partition("://")[2] != host:
                return "from another site"
            if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
                return "from another site"
        if asks and HEADER.decode() not in request.headers:
            return "not from the page"
        if self.token and not self._known(request):
            return "the token is missing: open the address that was printed"
        return ""

    def _known(self, request: Request) -> bool:
        every = request.query_params.get("token"), request.cookies.get(cookie_of(self.token))
        return any(secrets.compare_digest(each.encode(), self.token.encode()) for each in every if each)


def cookie_of(token: str) -> str:
    """The cookie that holds a token: cookies know no port, so that servers beside each other, or one after
    the other, have one each."""
    return f"dabiao_{hashlib.sha256(token.encode()).hexdigest()[:12]}"


_HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cache-control", b"no-store"),
]


class Service:
    """What the page asks, and the answers."""

    def __init__(self, desk: Desk, first: str = "", token: str = "", lang: str = "") -> None:
        self.desk, self.first, self.token, self.lang = desk, first, token, lang
        self.jobs = Jobs()
        self._latest: dict[tuple[str, str], int] = {}
        self._lock = Lock()

    def routes(self) -> list[Route]:
        """Addresses and what answers them."""
        post = ["POST"]
        return [
            Route("/", self.page),
            Route("/static/{name}", self.static),
            Route("/columns.css", self.columns),
            Route("/api/start", self.start),
            Route("/api/template", self.template),
            Route("/api/plan", self.asked(self.plan, tidied), methods=post),
            Route("/api/glance", self.asked(self.glance), methods=post),
            Route("/api/text", self.asked(self.text), methods=post),
            Route("/api/save", self.asked(self.save), methods=post),
            Route("/api/new", self.asked(self.new), methods=post),
            Route("/api/book", self.asked(self.book), methods=post),
            Route("/api/job", self.asked(self.begin), methods=post),
            Route("/api/job/{job}", self.job, methods=["GET", "DELETE"]),
            Route("/api/job/{job}/{file}", self.download),
            Route("/api/files/{name:path}", self.bring, methods=["PUT"]),
        ]

    # pages -------------------------------------------------------------------------------------------------

    async def page(self, request: Request) -> Response:
        """The page itself."""
        answer = Response((STATIC / "bench.html").read_bytes(), media_type="text/html")
        if self.token:
            answer.set_cookie(cookie_of(self.token), self.token, httponly=True, samesite="strict")
        return answer

    async def static(self, request: Request) -> Response:
        """A file of the page: one of those that are shipped."""
        name = request.path_params["name"]
        if name not in _shipped():
            return PlainTextResponse("not found", 404)
        return FileResponse(STATIC / name, media_type=_TYPES.get(Path(name).suffix, "text/plain"))

    async def columns(self, request: Request) -> Response:
        """How tables of reports are set."""
        return Response(_columns(), media_type="text/css")

    async def start(self, request: Request) -> Response:
        """The words of the page, the files of the folder, what is opened first."""
        lang = _language(request.query_params.get("lang") or self.lang)
        files = await run_in_threadpool(self.desk.files)
        titles = await run_in_threadpool(self.desk.titles, files, lang)
        return JSONResponse(
            {
                "lang": lang,
                "languages": {each: _NAMES.get(each, each) for each in LANGUAGES},
                "words": screen.words(lang),
                "files": files,
                "titles": titles,
                "first": self.first,
                "forms": list(FORMS),
            }
        )

    async def template(self, request: Request) -> Response:
        """A workbook to fill in."""
        from ..forms.excel.inputs import template

        lang = _language(request.query_params.get("lang"))
        book = await run_in_threadpool(template, lang)
        attached = {"content-disposition": 'attachment; filename="template.xlsx"'}
        return Response(book, media_type=_BOOK, headers=attached)

    # questions ---------------------------------------------------------------------------------------------

    def asked(
        self, answer: Callable[[Mapping[str, Any]], Any], then: Callable[[], object] | None = None
    ) -> Callable[[Request], Awaitable[Response]]:
        """A question in JSON, answered in a thread; what is wrong is told by the path that it speaks of. What
        is done ``then`` is done when the answer is on its way."""

        async def endpoint(request: Request) -> Response:
            body = await _body(request, LONGEST)
            if body is None:
                return PlainTextResponse("too large", 413)
            try:
                question = _question(body)
            except ValueError:
                return PlainTextResponse("expected a question in JSON", 400)
            lang = _language(question.get("lang"))
            try:
                made = await run_in_threadpool(answer, {**question, "lang": lang})
            except Superseded:
                return JSONResponse({"stale": True})
            except DabiaoError as error:
                return JSONResponse({"problems": problems(error, lang)}, 422)
            after = BackgroundTask(then) if then else None
            return made if isinstance(made, Response) else JSONResponse(made, background=after)

        return endpoint

    def _newest(self, asked: Mapping[str, Any], *kinds: str) -> Wanted:
        """Whether the same tab asked nothing newer of these kinds since; the last one is its own."""
        tab, number = _tab(asked), asked.get("seq", 0)
        if type(number) is not int:
            raise ScenarioError.single("seq", _shown(number), msg("a whole number"))
        with self._lock:
            self._latest[tab, kinds[-1]] = max(number, self._latest.pop((tab, kinds[-1]), number))
            if len(self._latest) > MOST_TABS:
                self._latest.pop(next(iter(self._latest)))
        return lambda: all(self._latest.get((tab, kind), number) <= number for kind in kinds)

    def plan(self, asked: Mapping[str, Any]) -> Any:
        """A scenario with its changes: verdicts, levers, targets, projects. A newer one of the same tab ends
        the work on it."""
        file, changes = _scenario(asked)
        bench = self.desk.bench(file, changes, self._newest(asked, "plan"))
        with bench.loaded.speaking():
            return {**screen.whole(bench, asked["lang"]), "changes": changes}

    def glance(self, asked: Mapping[str, Any]) -> Any:
        """The plan with some levers moved, on the futures kept; stale where the plan was let go since."""
        (file, changes), moved = _scenario(asked), _moved(asked)
        newest = self._newest(asked, "plan", "glance")
        bench = self.desk.bench(file, changes, newest)
        if not quick(set(moved), bench.levers):
            raise DabiaoError(msg("this is not told while it moves: let it go"))
        if not newest():
            raise Superseded
        with bench.loaded.speaking():
            return _glanced(bench, moved, asked["lang"])

    def text(self, asked: Mapping[str, Any]) -> Any:
        """What differs from the file, as a file."""
        return {"text": self.desk.text(*_scenario(asked), _title(asked))}

    def save(self, asked: Mapping[str, Any]) -> Any:
        """Write what differs beside the file."""
        file, changes = _scenario(asked)
        new = _text(asked, "name")
        saved = self.desk.save(file, changes, new, _title(asked), over=asked.get("over") is True)
        return {"file": saved, "files": self.desk.files()}

    def new(self, asked: Mapping[str, Any]) -> Any:
        """A first scenario from a dozen figures, in a folder of its own."""
        from .begin import begun

        folder, files = begun(_map(asked, "facts"))
        self.desk.written(files, folder)
        return {"file": f"{folder}/baseline.yaml", "files": self.desk.files()}

    def book(self, asked: Mapping[str, Any]) -> Any:
        """The scenario with its changes as a workbook."""
        from ..forms.excel.converted import scenario_book

        loaded = self.desk.scenario(*_scenario(asked))
        with loaded.speaking():
            return Response(scenario_book(loaded, asked["lang"]), media_type=_BOOK)

    def begin(self, asked: Mapping[str, Any]) -> Any:
        """Begin what takes longer: a whole run, a comparison, a report."""
        task, plans, forms = _task(asked)
        for file, changes in plans:  # what is wrong is told here, at its field
            self.desk.scenario(file, changes)
        job = self.jobs.begin(
            f"{_tab(asked)} {task}",
            {
                "task": task,
                "lang": asked["lang"],
                "solver": self.desk.solver,
                "root": str(self.desk.root),
                "plans": [
                    {
                        "file": self.desk.address(file),
                        "changes": dict(changes),
                        "title": _text(each, "title").strip()[:200],
                    }
                    for (file, changes), each in zip(plans, asked["plans"], strict=True)
                ],
                "forms": forms,
                "stamp": {str(k)[:40]: str(v)[:200] for k, v in _map(asked, "stamp").items()},
            },
        )
        return job.told()

    async def job(self, request: Request) -> Response:
        """How far a job is; or end it."""
        found = self.jobs.of(request.path_params["job"])
        if found is None:
            return PlainTextResponse("no such job", 404)
        if request.method == "DELETE":
            await run_in_threadpool(self.jobs.cancel, found.id)
        return JSONResponse(found.told())

    async def download(self, request: Request) -> Response:
        """A file that a job wrote."""
        found, name = self.jobs.of(request.path_params["job"]), request.path_params["file"]
        if found is None or found.folder is None or name not in (found.done or {}).get("files", ()):
            return PlainTextResponse("no such file", 404)
        return FileResponse(found.folder / name, filename=name)

    async def bring(self, request: Request) -> Response:
        """Take a file into the folder, read as every scenario is: with all its mistakes told."""
        lang, name = _language(request.query_params.get("lang")), request.path_params["name"]
        over = request.query_params.get("over") == "true"
        body = await _body(request, LARGEST)
        try:
            if body is None:
                raise DabiaoError(msg("the file is too large; expected at most {most:,} bytes", most=LARGEST))
            file = await run_in_threadpool(self.desk.bring, name, body, over)
        except DabiaoError as error:
            return JSONResponse({"problems": problems(error, lang)}, 422)
        return JSONResponse({"file": file, "files": await run_in_threadpool(self.desk.files)})


async def _broken(request: Request, error: Exception) -> Response:
    """What a page is told of a mistake of ours; the rest stands where the server was started."""
    said = msg("the server made a mistake ({kind}): see where it was started", kind=type(error).__name__)
    told = JSONResponse({"problems": [{"path": "", "text": said.of(preferred())}]}, 500)
    told.raw_headers.extend(_HEADERS)
    return told


async def _gone(request: Request, error: Exception) -> Response:
    """Whoever asked went away in the middle of the question: nobody hears the answer."""
    return Response(status_code=400)


_NAMES = {"zh": "中文", "en": "English"}


def unhurried() -> None:
    """Let unused cycles be looked for when nobody waits (:func:`tidied`): the search goes through everything
    that is kept, and would take a fifth of a second out of every other answer."""
    gc.enable()
    gc.set_threshold(200_000, 50, 50)


def tidied() -> None:
    """Look for unused cycles."""
    gc.collect()


def _glanced(bench: Bench, moved: Mapping[str, float], lang: str) -> dict[str, Any]:
    seen = bench.glance(moved)
    return {
        **screen.told(bench, bench.as_seen(seen), lang),
        "limits": screen.limits(seen.uses, bench, lang),
        "totals": screen.totals(seen.run.plan, bench, lang),
    }


def _scenario(asked: Any) -> tuple[str, dict[str, Any]]:
    """The file that a question speaks of, and what is changed of it."""
    if not isinstance(asked, Mapping):
        raise ScenarioError.single("", _shown(asked), msg("a file and what is changed of it"))
    changes = dict(_map(asked, "changes"))
    checked(changes)
    return _text(asked, "file"), changes


def _moved(asked: Mapping[str, Any]) -> dict[str, float]:
    """Where levers were moved to, by their paths."""
    moved = dict(_map(asked, "moved"))
    checked(moved, numbers=True)
    return {path: float(value) for path, value in moved.items()}


def _task(asked: Mapping[str, Any]) -> tuple[str, list[tuple[str, dict[str, Any]]], list[str]]:
    """What a job is to do, of which plans, in which forms."""
    task, plans, forms = asked.get("task"), asked.get("plans"), asked.get("forms") or []
    if task not in list(TASKS):
        raise ScenarioError.single("task", _shown(task), msg("one of {names}", names=", ".join(TASKS)))
    fewest = 2 if task == "compare" else 1
    if not isinstance(plans, list) or not fewest <= len(plans) <= MOST_PLANS:
        expected = msg("{fewest} to {most} plans", fewest=fewest, most=MOST_PLANS)
        raise ScenarioError.single("plans", _shown(plans), expected)
    if (
        not isinstance(forms, list)
        or any(form not in FORMS for form in forms)
        or (task == "report" and not forms)
    ):
        raise ScenarioError.single("forms", _shown(forms), msg("some of {names}", names=", ".join(FORMS)))
    return str(task), [_scenario(each) for each in plans], [*dict.fromkeys(forms)]


def _map(asked: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A map of a question; empty where it has none."""
    said = asked.get(name) or {}
    if not isinstance(said, Mapping):
        raise ScenarioError.single(name, _shown(said), msg("a map"))
    return said


def _text(asked: Mapping[str, Any], name: str) -> str:
    """A text of a question; empty where it has none."""
    said = asked.get(name, "")
    if not isinstance(said, str):
        raise ScenarioError.single(name, _shown(said), msg("a text"))
    return said


def _tab(asked: Mapping[str, Any]) -> str:
    """The page that asks."""
    return _text(asked, "tab")[:64]


def _shown(said: object) -> str:
    return f"{said!r:.80}"


def _title(asked: Mapping[str, Any]) -> Bilingual | None:
    said = _text(asked, "title").strip()
    return Bilingual.same(said[:200]) if said else None


def _language(said: object) -> str:
    return said if isinstance(said, str) and said in LANGUAGES else preferred()


async def _body(request: Request, most: int) -> bytes | None:
    """What a request brings; None where it is more than is taken."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            return None
        parts.append(part)
    return b"".join(parts)


def _question(body: bytes) -> dict[str, Any]:
    import json

    try:
        found = json.loads(body)
    except RecursionError:
        raise ValueError("too deep") from None
    if not isinstance(found, dict):
        raise ValueError("expected a map")
    if b"\\u" in body:  # half a character is no text: it could be neither written nor told
        json.dumps(found, ensure_ascii=False).encode()
    return found


@cache
def _shipped() -> frozenset[str]:
    return frozenset(file.name for file in STATIC.iterdir())


@cache
def _columns() -> bytes:
    """The style of reports' tables and pictures, within the part of the page that shows them."""
    marks = {f"{kind}{at}" for kind in "nsmtwx" for at in range(1, _MOST_COLUMNS + 1)}
    return f"@scope (.report) {{\n{STYLE}{columns_style(marks)}}}\n".encode()


def application(
    desk: Desk, hosts: frozenset[str], first: str = "", token: str = "", lang: str = ""
) -> Starlette:
    """The whole server.

    Parameters
    ----------
    hosts
        Names by which it may be called; ``*`` for every one.
    first
        The scenario that the page opens first.
    lang
        The language of who does not ask for one.
    token
        Must be given once by whoever opens the page; empty where nobody else can reach it.
    """
    service = Service(desk, first, token, lang)

    @asynccontextmanager
    async def living(_: Starlette) -> AsyncIterator[None]:
        service.jobs.ready()
        yield
        service.jobs.close()

    guard = Middleware(Guard, hosts=hosts, token=token)
    app = Starlette(
        routes=service.routes(),
        middleware=[guard],
        exception_handlers={Exception: _broken, ClientDisconnect: _gone},
        lifespan=living,
    )
    app.state.service = service
    return app
