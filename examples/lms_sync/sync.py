"""Keep a school's LMS in step with Majlis. Plain Python, nothing to install.

    export MAJLIS_URL=https://majlis.example.edu MAJLIS_CLIENT_ID=… MAJLIS_CLIENT_SECRET=…
    python sync.py roster sis:IR-2 people.csv        email, name, role, sis_id
    python sync.py grades sis:IR-2 grades.json       pulls what changed since the last time

What a caller of any API owes it, and this does: ask for a token again when it has expired, wait
as long as the server says, send again under the same Idempotency-Key, follow every page, and
remember the watermark only after everything before it is stored.
"""

from __future__ import annotations

import csv
import json
import os
import random
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

TRIES = 6
TIMEOUT_SECONDS = 30
PEOPLE_AT_ONCE = 500
Json = dict[str, Any]


class Refused(Exception):
    """The server understood and said no: sending it again would not help."""

    def __init__(self, status: int, problem: Json) -> None:
        faults = [f"{each['field']}: {each['message']}" for each in problem.get("errors", ())]
        code = problem.get("code") or problem.get("error")  # the token endpoint speaks OAuth
        said = f"{status} {code}: {problem.get('detail', '')}"
        super().__init__("\n  ".join([said, *faults]))
        self.status, self.problem = status, problem


class Majlis:
    """One school's client.  send, sleep: how it sends and waits; tests give theirs."""

    def __init__(
        self,
        url: str,
        client_id: str,
        secret: str,
        *,
        send: Callable[..., Any] = urlopen,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._base = url.rstrip("/") + "/api/v1"
        self._credentials = {"client_id": client_id, "client_secret": secret}
        self._send, self._sleep = send, sleep
        self._token = ""

    def request(self, method: str, address: str, body: Json | None = None) -> Json:
        """The answer's body.  Raises: Refused, or the last fault of the network."""
        headers = {"Content-Type": "application/json"}
        if method != "GET":
            headers["Idempotency-Key"] = str(uuid.uuid4())  # one for all tries of this act
        data = None if body is None else json.dumps(body).encode()
        has_renewed = False
        while True:
            self._token = self._token or self._new_token()
            headers["Authorization"] = f"Bearer {self._token}"
            try:
                return self._patiently(Request(address, data, headers, method=method))
            except Refused as refusal:
                if refusal.status != 401 or has_renewed:
                    raise
                self._token, has_renewed = "", True  # it had expired

    def pages(self, path: str, **query: str) -> Iterator[Json]:
        """Every page of a list: one page is not the list."""
        address: str | None = f"{self._base}{path}?{urlencode({**query, 'page_size': 200})}"
        while address:
            body = self.request("GET", address)
            yield body
            address = body["next"]

    def roster_put(self, classroom: str, people: list[Json]) -> list[Json]:
        """What became of each person, in their order."""
        address = f"{self._base}/classrooms/{quote(classroom)}/roster"
        results: list[Json] = []
        for start in range(0, len(people), PEOPLE_AT_ONCE):
            body = {"people": people[start : start + PEOPLE_AT_ONCE]}
            results += self.request("PUT", address, body)["results"]
        return results

    def grades_pull(self, classroom: str, store: Path) -> int:
        """Write grades that changed over those in `store`.  Returns: how many came."""
        known = json.loads(store.read_text(encoding="utf-8")) if store.exists() else {}
        grades, since = known.get("grades", {}), known.get("watermark")
        query = {"changed_since": since} if since else {}
        watermark, count = since, 0
        for number, page in enumerate(
            self.pages(f"/classrooms/{quote(classroom)}/results", **query)
        ):
            if number == 0:
                watermark = page["watermark"]
            for row in page["results"]:
                count += 1
                if row["status"] == "deleted":
                    grades.pop(row["id"], None)
                else:
                    grades[row["id"]] = row
        # All of it or nothing: a killed script begins again where it was.
        part = store.with_suffix(".part")
        part.write_text(json.dumps({"watermark": watermark, "grades": grades}), encoding="utf-8")
        part.replace(store)
        return count

    def _new_token(self) -> str:
        form = urlencode({"grant_type": "client_credentials", **self._credentials}).encode()
        return str(self._patiently(Request(f"{self._base}/oauth/token", form))["access_token"])

    def _patiently(self, request: Request) -> Json:
        """Send until there is an answer: a dropped line, 429 and 5xx are tried again.

        So is `request_running`: the first try, whose answer was lost, is still being served.
        """
        for number in range(1, TRIES + 1):
            wait = random.uniform(0.5, 1) * 2**number
            try:
                with self._send(request, timeout=TIMEOUT_SECONDS) as answer:
                    text = answer.read()
                    return json.loads(text) if text else {}
            except HTTPError as error:
                problem = _problem(error)
                is_running = problem.get("code") == "request_running"
                if error.code != 429 and error.code < 500 and not is_running:
                    raise Refused(error.code, problem) from error
                if number == TRIES:
                    raise
                wait = float(error.headers.get("Retry-After") or wait)
            except (OSError, HTTPException):
                if number == TRIES:
                    raise
            self._sleep(wait)
        raise AssertionError("The last try returns or raises.")


def _problem(error: HTTPError) -> Json:
    try:
        found = json.loads(error.read())
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def main(arguments: list[str]) -> int:
    if len(arguments) != 3 or arguments[0] not in ("roster", "grades"):
        print(__doc__)
        return 2
    act, classroom, file = arguments
    names = ("MAJLIS_URL", "MAJLIS_CLIENT_ID", "MAJLIS_CLIENT_SECRET")
    majlis = Majlis(*(os.environ[name] for name in names))
    try:
        return _do(majlis, act, classroom, Path(file))
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1


def _do(majlis: Majlis, act: str, classroom: str, file: Path) -> int:
    """0 where all of it is done, else 1."""
    if act == "grades":
        print(f"{majlis.grades_pull(classroom, file)} grades came.")
        return 0
    with file.open(encoding="utf-8-sig", newline="") as stream:
        people = [
            {name: value or "" for name, value in row.items()} for row in csv.DictReader(stream)
        ]
    refused = [row for row in majlis.roster_put(classroom, people) if row["outcome"] == "refused"]
    for row in refused:
        print(f"{row['email']}: {row['detail']}", file=sys.stderr)
    print(f"{len(people) - len(refused)} of {len(people)} people are in step.")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
