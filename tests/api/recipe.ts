// The sync recipe of docs/api.md by the generated TypeScript client; test_generated.py runs it.
import { ClassroomsApi, Configuration, OauthApi, ResponseError } from "./client";
import { RosterInFromJSON } from "./client";
import type { Result } from "./client";

const { MAJLIS_URL: basePath = "", CLASSROOM: key = "", SINCE = "" } = process.env;
const { CLIENT_ID: clientId = "", CLIENT_SECRET: clientSecret = "" } = process.env;

function cursorOf(address: string | null | undefined): string | undefined {
  return address ? (new URL(address).searchParams.get("cursor") ?? undefined) : undefined;
}

async function main(): Promise<void> {
  const oauth = new OauthApi(new Configuration({ basePath }));
  const token = await oauth.postToken({ grantType: "client_credentials", clientId, clientSecret });
  const configuration = new Configuration({ basePath, accessToken: token.accessToken });
  const api = new ClassroomsApi(configuration);

  const classrooms: unknown[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.getClassrooms({ pageSize: 1, cursor });
    classrooms.push(...page.results.map((row) => row.title));
    cursor = cursorOf(page.next);
  } while (cursor);

  const rosterIn = RosterInFromJSON({ people: JSON.parse(process.env.PEOPLE ?? "[]") });
  const put = { key, rosterIn, idempotencyKey: "roster-of-today" };
  const outcomes: string[][] = [];
  for (let time = 0; time < 2; time += 1) {
    const { results } = await api.putRoster(put);
    outcomes.push(results.map((row) => row.outcome));
  }

  const pull = async (changedSince?: Date): Promise<[Result[], Date]> => {
    const found: Result[] = [];
    let watermark: Date | undefined;
    let next: string | undefined;
    do {
      const page = await api.getResults({ key, pageSize: 1, cursor: next, changedSince });
      watermark ??= page.watermark;
      found.push(...page.results);
      next = cursorOf(page.next);
    } while (next);
    return [found, watermark];
  };
  const [results, watermark] = await pull();
  const [later] = await pull(new Date(SINCE));

  let refused: unknown[] = [];
  try {
    await api.getResults({ key: "sis:nobody" });
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    refused = [error.response.status, (await error.response.json()).code];
  }
  console.log(
    JSON.stringify({
      classrooms,
      outcomes,
      results: results.map((row) => [row.userSisId, row.status, row.points]),
      later: later.length,
      is_past: watermark < new Date(),
      refused,
    }),
  );
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
