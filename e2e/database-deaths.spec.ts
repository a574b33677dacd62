/** PostgreSQL dies under requests of every kind: who asks is told to come again, and the app outlives each death. */
import { randomUUID } from "node:crypto";
import { expect, test } from "@playwright/test";
import { v7 as uuidv7 } from "uuid";
import { type App, startApp } from "../bin/servers/app.ts";
import { admin, killsOf, newWorkplace, spendLink, type Workplace } from "./workspace.ts";

const DEATHS = killsOf(2, 60);
const ANSWER_MS = 20_000;
/** Where it ends more often than that the launcher gives it up, as something else is wrong then. */
const DEATHS_A_MINUTE = 5;

let app: App;
test.beforeAll(async () => {
  app = await startApp();
});
test.afterAll(() => app.stop());

type Door = {
  name: string;
  ask: () => [string, RequestInit?];
  /** How it answers while the database is away, where that isn't 503. */
  away?: number;
};

/** What people, programs and trainers ask for, each of which has a run to ask about. */
function doorsOf({ slug, token }: Workplace, cookie: string, run: string, writer: string): Door[] {
  // Next answers a page that it can't make with 500; what is shown then asks for the reason, and says it
  const page = (route: string, headers: HeadersInit = { cookie }): Door => ({
    name: `page ${route}`,
    ask: () => [route, { headers }],
    away: 500,
  });
  const read = (route: string): Door => ({ name: `GET ${route}`, ask: () => [`/api/v1/${route}`, withToken()] });
  const withToken = (method = "GET", body?: string, type = "application/json"): RequestInit => ({
    method,
    ...(body === undefined ? {} : { body }),
    headers: { authorization: `Bearer ${token}`, "content-type": type },
  });
  let sequence = 0;
  let files = 0;
  const batch = () => {
    const steps = Array.from({ length: 50 }, (_, at) => sequence * 50 + at);
    const group = { split: "train", steps, times: steps.map(() => 1.7e12), metrics: { loss: steps } };
    return JSON.stringify({ writer, sequence: ++sequence, groups: [group] });
  };
  return [
    ...["/", `/projects/${slug}`, `/projects/${slug}/runs/${run}`, `/projects/${slug}/settings`].map((route) =>
      page(route),
    ),
    ...["/settings/members", `/projects/${slug}/manifests`].map((route) => page(route)),
    page("/sign-in", {}),
    { name: "member GET runs", ask: () => [`/api/v1/runs?project=${slug}`, { headers: { cookie } }] },
    ...["runs", "projects", `runs/${run}`, `runs/${run}/series`, `projects/${slug}/runs.csv`].map(read),
    read(`runs/${run}/metrics?px=400&series=train%2Floss`),
    read(`runs/${run}/artifacts/file.bin`),
    { name: "POST run", ask: () => ["/api/v1/runs", withToken("POST", JSON.stringify({ id: uuidv7(), config: {} }))] },
    { name: "POST metrics", ask: () => [`/api/v1/runs/${run}/metrics`, withToken("POST", batch())] },
    {
      name: "PUT artifact",
      ask: () => [`/api/v1/runs/${run}/artifacts/${++files}.bin`, withToken("PUT", `file ${files}`, "text/plain")],
    },
    { name: "GET health", ask: () => ["/api/health"] },
  ];
}

/** How often each door gave each answer; of those that shouldn't be, the first few with their first words. */
const answers = new Map<string, number>();
const wrong: string[] = [];
const WRONG_MAX = 20;

async function knock({ name, ask, away = 503 }: Door): Promise<number | string> {
  const [route, request] = ask();
  const init = { ...request, redirect: "manual", signal: AbortSignal.timeout(ANSWER_MS) } as const;
  const [status, words] = await fetch(app.url + route, init)
    .then(async (answer): Promise<[number | string, string]> => [answer.status, await answer.text()])
    .catch((error: Error): [string, string] => [error.name, String(error.cause ?? error)]);
  const key = `${name}: ${status}`;
  answers.set(key, (answers.get(key) ?? 0) + 1);
  if (status !== 200 && status !== away && wrong.length < WRONG_MAX) wrong.push(`${key} ${words.slice(0, 300)}`);
  return status;
}

test(`PostgreSQL dies ${DEATHS} times: each request is answered in time, in words`, async ({ browser }) => {
  test.setTimeout(DEATHS * 30_000 + 120_000);
  const page = await (await browser.newContext({ baseURL: app.url })).newPage();
  await spendLink(page, app.link ?? "", admin);
  const place = await newWorkplace(page, "Mortal", app.url);
  const [run, writer] = [uuidv7(), randomUUID()];
  const post = (route: string, method: string, body: string) =>
    fetch(`${app.url}/api/v1/${route}`, {
      method,
      body,
      headers: { authorization: `Bearer ${place.token}`, "content-type": "application/json" },
    });
  expect((await post("runs", "POST", JSON.stringify({ id: run, name: "mortal", config: {} }))).status).toBe(200);
  expect((await post(`runs/${run}/writers`, "POST", JSON.stringify({ writer, mode: "start" }))).status).toBe(200);
  expect((await post(`runs/${run}/artifacts/file.bin`, "PUT", "a file")).status).toBe(200);
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const doors = doorsOf(place, cookie, run, writer);

  const over = new AbortController();
  const well = new Set<string>();
  const knocking = doors.map(async (door) => {
    while (!over.signal.aborted) if ((await knock(door)) === 200) well.add(door.name);
  });
  const unwell = () => [...doors.map(({ name }) => name).filter((name) => !well.has(name)), ...wrong];
  const allWell = () => expect.poll(unwell, { intervals: [100], timeout: 60_000 }).toEqual([]);
  const deaths: number[] = [];
  const lately = () => deaths.filter((at) => Date.now() - at < 65_000).length;
  for (let death = 0; death < DEATHS; death++) {
    await expect.poll(lately, { intervals: [100], timeout: 90_000 }).toBeLessThan(DEATHS_A_MINUTE);
    well.clear();
    await allWell();
    deaths.push(Date.now());
    process.kill(app.databaseId(), death % 2 === 1 ? "SIGKILL" : "SIGQUIT");
  }
  well.clear();
  await allWell();
  over.abort();
  await Promise.all(knocking);
  const counted = [...answers].sort().map(([what, count]) => `${what}: ${count}`);
  if (DEATHS > 10) console.log(counted.join("\n"));
  expect(wrong).toEqual([]);
  expect(app.output()).not.toMatch(/Uncaught|Unhandled|the thread that/);
});
