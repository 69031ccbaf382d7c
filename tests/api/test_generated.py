"""Clients that openapi-generator makes of docs/openapi.json compile and keep an LMS in step."""

import compileall
import importlib
import json
import os
import pkgutil
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from apps.accounts.models import School, User
from apps.api import services
from apps.api.enums import Scope
from apps.classrooms.models import Classroom
from apps.grades.models import CurrentGrade
from tests.classrooms.factories import classroom_create
from tests.grades.factories import score, source_create

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
TYPESCRIPT = "typescript@5.9.3"
AMINA = {"email": "amina@example.edu", "name": "Amina", "role": "student", "sis_id": "1007"}


def run(*command: str | Path, env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> str:
    """What a command says; its complaints where it fails."""
    words = [str(each) for each in command]
    done = subprocess.run(words, check=False, capture_output=True, text=True, env=env, cwd=cwd)
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]
    return done.stdout


def generate(language: str, folder: Path, *options: str) -> None:
    if shutil.which("java") is None:
        pytest.skip("openapi-generator needs java")
    program = Path(sys.executable).with_name("openapi-generator-cli")
    document = ROOT / "docs" / "openapi.json"
    run(program, "generate", "-i", document, "-g", language, "-o", folder, *options)


@pytest.fixture(scope="module")
def python_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("python")
    generate("python", folder, "--package-name", "majlis_client")
    assert compileall.compile_dir(folder / "majlis_client", quiet=1)
    sys.path.insert(0, str(folder))
    client = importlib.import_module("majlis_client")
    for module in pkgutil.walk_packages(client.__path__, "majlis_client."):
        importlib.import_module(module.name)
    yield client
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.split(".")[0] == "majlis_client"]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """recipe.ts as JavaScript, compiled with the client in TypeScript's strict mode."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip("the compiler of TypeScript needs node and npm")
    folder = tmp_path_factory.mktemp("typescript")
    generate("typescript-fetch", folder / "client")
    shutil.copy(Path(__file__).with_name("recipe.ts"), folder)
    # What Node adds, as far as the recipe uses it, without a package of its types.
    (folder / "node.d.ts").write_text(
        "declare const process: { env: Record<string, string | undefined>; exitCode: number };\n"
    )
    options = {
        "strict": True,
        "target": "ES2022",
        "module": "CommonJS",
        "moduleResolution": "Node",
        "lib": ["ES2022", "DOM", "DOM.Iterable"],
        "types": [],
        "outDir": "out",
    }
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": options}))
    compiler = ("npm", "exec", "--yes", f"--package={TYPESCRIPT}", "--", "tsc")
    run(*compiler, "--project", folder, cwd=folder)
    return folder / "out" / "recipe.js"


@dataclass(frozen=True, slots=True)
class Sync:
    """A school that has three classes, and two marks in one of them, a day apart."""

    url: str
    client_id: str
    secret: str
    classroom: str
    people: list[dict[str, str]]
    since: datetime

    @property
    def expected(self) -> dict[str, Any]:
        return {
            "classrooms": ["A", "B", "International relations"],
            "outcomes": [["invited", "changed"]] * 2,
            # Of the quiz out of 10, and of the class's total out of 100.
            "results": [
                ["1", "graded", 7.5],
                ["1", "graded", 75],
                ["2", "graded", 4],
                ["2", "graded", 40],
            ],
            "later": 2,
            "is_past": True,
            "refused": [404, "not_found"],
        }


@pytest.fixture
def sync(
    live_server: LiveServer,
    school: School,
    instructor: User,
    student: User,
    classmate: User,
    classroom: Classroom,
) -> Sync:
    now = timezone.now()
    client, secret = services.client_create(school=school, name="LMS", scopes=Scope.values, now=now)
    for title in "AB":
        classroom_create(school, instructor, course=classroom.course, title=title)
    classroom.enrolments.filter(user=classmate).update(sis_id="2")
    item = source_create(classroom)
    score(item, classmate, "4")
    score(item, student, "7.5")
    type(item).objects.update(updated_at=now - timedelta(days=2))
    for person, moment in ((classmate, now - timedelta(days=1)), (student, now)):
        CurrentGrade.objects.filter(student=person).update(changed_at=moment, touched_at=moment)
    people = [AMINA, {"email": student.email, "sis_id": "1"}]
    since = now - timedelta(hours=1)
    key = str(classroom.public_id)
    return Sync(live_server.url, str(client.public_id), secret, key, people, since)


def cursor_of(address: str | None) -> str | None:
    return parse_qs(urlsplit(address).query)["cursor"][0] if address else None


@pytest.mark.django_db(transaction=True)
def test_python_client_keeps_an_lms_in_step(python_client: Any, sync: Sync) -> None:
    oauth = python_client.OauthApi(client_at(python_client, sync.url))
    token = oauth.post_token("client_credentials", sync.client_id, sync.secret)
    api = python_client.ClassroomsApi(client_at(python_client, sync.url, token.access_token))

    def pages(ask: Any, **query: Any) -> Iterator[Any]:
        page = ask(page_size=1, **query)
        yield page
        while cursor := cursor_of(page.next):
            page = ask(page_size=1, cursor=cursor, **query)
            yield page

    def rows(ask: Any, **query: Any) -> list[Any]:
        return [row for page in pages(ask, **query) for row in page.results]

    people = python_client.RosterIn.from_dict({"people": sync.people})
    put = [api.put_roster(sync.classroom, people, "roster-of-today") for _time in range(2)]
    results = rows(api.get_results, key=sync.classroom)
    with pytest.raises(python_client.ApiException) as refused:
        api.get_results("sis:nobody")
    assert {
        "classrooms": sorted(row.title for row in rows(api.get_classrooms)),
        "outcomes": [[row.outcome for row in each.results] for each in put],
        "results": sorted([row.user_sis_id, row.status, row.points] for row in results),
        "later": len(rows(api.get_results, key=sync.classroom, changed_since=sync.since)),
        "is_past": api.get_results(sync.classroom).watermark < timezone.now(),
        "refused": [refused.value.status, json.loads(refused.value.body)["code"]],
    } == sync.expected


def client_at(client: Any, url: str, token: str | None = None) -> Any:
    return client.ApiClient(client.Configuration(host=url, access_token=token))


@pytest.mark.django_db(transaction=True)
def test_typescript_client_keeps_an_lms_in_step(script: Path, sync: Sync) -> None:
    told: Mapping[str, str] = {
        "MAJLIS_URL": sync.url,
        "CLIENT_ID": sync.client_id,
        "CLIENT_SECRET": sync.secret,
        "CLASSROOM": sync.classroom,
        "PEOPLE": json.dumps(sync.people),
        "SINCE": sync.since.isoformat(),
    }
    said = json.loads(run("node", script, env={**os.environ, **told}))
    said["classrooms"].sort()
    said["results"].sort()
    assert said == sync.expected
