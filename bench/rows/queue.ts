/** How many claims a second the queue gives out, and how soon a training that is stopped has ended. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { connections } from "../../db/connection.ts";
import { root } from "../../db/root.ts";
import { systemActor } from "../../lib/access/actor.ts";
import { updateTrial } from "../../lib/queue/act.ts";
import { queueTrial } from "../../lib/queue/new-trial.ts";
import { listTrials, requireTrial } from "../../lib/queue/trials.ts";
import { registerWorker } from "../../lib/queue/workers.ts";
import { requireRun } from "../../lib/runs/runs.ts";
import { claimNext } from "../../lib/studies/claim.ts";
import { asOwner } from "../app.ts";
import { type Context, type Mode, median, pairs, quantile, type Row, rowOf, shown } from "../harness.ts";

const QUEUED = 10_000;
const WORKERS = 32;
const PAIRS = 5;
const SECONDS: Record<Mode, number> = { quick: 1, usual: 3, full: 5 };
const STOPS: Record<Mode, number> = { quick: 8, usual: 100, full: 100 };
const AT_ONCE = 4;

export async function run(context: Context): Promise<Row[]> {
  await asOwner(context.app.ownerUrl, (sql) => seedTrials(sql, context.project.id));
  const workers = await Promise.all(
    Array.from({ length: WORKERS }, async (_, at) => {
      const { id } = await registerWorker(systemActor, { project: context.project.id, name: `bench ${at}` });
      return id;
    }),
  );
  const rows = [await claimsInLib(context, workers), await claimsOverHttp(context, workers)];
  await asOwner(context.app.ownerUrl, (sql) => sql`delete from trials where project_id = ${context.project.id}`);
  return [...rows, await stops(context)];
}

type Owner = Parameters<Parameters<typeof asOwner>[1]>[0];

async function seedTrials(sql: Owner, project: string): Promise<void> {
  await sql`insert into runs (id, project_id, name, status, config, creation_hash, created_by)
    select gen_random_uuid(), ${project}, 'queued ' || n, 'queued', '{"family": "mlp"}', '\\x00', 'bench'
    from generate_series(1, ${QUEUED}) n`;
  await sql`insert into trials (id, project_id, run_id, origin, priority, created_by)
    select gen_random_uuid(), project_id, id, 'hand', length(name) % 3, 'bench'
    from runs where project_id = ${project} and created_by = 'bench' and name like 'queued %'`;
}

/** All of them wait again. */
const refill = ({ app, project }: Context) =>
  asOwner(app.ownerUrl, async (sql) => {
    await sql`update trials set status = 'queued', worker_id = null, lease = null, lease_until = null, claims = 0
      where project_id = ${project.id}`;
    await sql`vacuum analyze trials`;
  });

/** Claims a second while there are any, by so many at once. */
async function rateOf(context: Context, claim: (at: number) => Promise<boolean>): Promise<number> {
  await refill(context);
  const startedAt = performance.now();
  const until = startedAt + SECONDS[context.mode] * 1000;
  let claimed = 0;
  const loop = async (at: number) => {
    while (performance.now() < until && (await claim(at))) claimed++;
  };
  await Promise.all(Array.from({ length: WORKERS }, (_, at) => loop(at)));
  return claimed / ((performance.now() - startedAt) / 1000);
}

async function claimsInLib(context: Context, workers: string[]): Promise<Row> {
  const ours = () =>
    rateOf(context, async (at) => (await claimNext(systemActor, { worker: workers[at]! })).trial !== null);
  const bare = () =>
    rateOf(context, async () => {
      const { sql } = connections();
      const taken = await sql`update trials set status = 'running', lease = ${workers[0]!}, claims = claims + 1,
          lease_until = now() + interval '30 seconds'
        where id = (select id from trials where project_id = ${context.project.id} and status = 'queued' and not is_held
          order by priority desc, id limit 1 for update skip locked) returning id`;
      return taken.length > 0;
    });
  await pairs(1, ours, bare); // for the just-in-time compiler
  const measured = await pairs(PAIRS, ours, bare);
  return rowOf({
    id: "studies-claims-a",
    name: `claims by ${WORKERS} workers, ${shown(QUEUED)} queued, in the process ÷ bare claims`,
    unit: "×",
    bar: { atLeast: 0.5 },
    against: `one statement with SKIP LOCKED, no demands, nothing read: ${Math.round(median(measured.map(([, rate]) => rate)))} claims/s`,
    samples: measured.map(([rate, other]) => rate / other),
  });
}

async function claimsOverHttp(context: Context, workers: string[]): Promise<Row> {
  const { url } = context.app;
  const post = (route: string, at: number) =>
    fetch(`${url}/api/v1/${route}`, {
      method: "POST",
      headers: { authorization: `Bearer ${context.tokens.ingest}`, "content-type": "application/json" },
      body: JSON.stringify({ worker: workers[at]! }),
    });
  const ours = () =>
    rateOf(context, async (at) => {
      const answer = await post("trials/claim", at);
      return ((await answer.json()) as { trial: unknown }).trial !== null;
    });
  const empty = () =>
    rateOf(context, async (at) => {
      const answer = await post("nothing", at);
      await answer.body?.cancel();
      return answer.status === 404;
    });
  await pairs(1, ours, empty);
  const measured = await pairs(PAIRS, ours, empty);
  return rowOf({
    id: "studies-claims-b",
    name: `the same over HTTP ÷ an empty handler`,
    unit: "×",
    bar: { atLeast: 0.5 },
    against: `POST /api/v1/nothing, a route that isn't there (404), with the same token and body: ${Math.round(median(measured.map(([, rate]) => rate)))} requests/s`,
    samples: measured.map(([rate, other]) => rate / other),
  });
}

/** From the act to the trial that has ended, by a real worker whose trainings never end by themselves. */
async function stops(context: Context): Promise<Row> {
  const folder = await mkdtemp(path.join(tmpdir(), "holdout-bench-worker-"));
  const program = path.join(root, "trainer/bin.mjs");
  const env = { ...process.env, HOLDOUT_URL: context.app.url, HOLDOUT_TOKEN: context.tokens.ingest };
  const start = (...args: string[]) =>
    spawn(process.execPath, [program, ...args, "--data", "curve", "--backend", "wasm", "--no-code"], {
      cwd: folder,
      env,
      stdio: "ignore",
    });
  const queued = start("queue", "--name", "the split");
  await new Promise((resolve) => queued.once("close", resolve));
  const [first] = (await listTrials(systemActor, context.project.id, {})).trials;
  const { manifest } = await requireRun(systemActor, first!.run!.id);
  await updateTrial(systemActor, first!.id, { act: "stop" });
  const worker = start("work", "--parallel", String(AT_ONCE));
  try {
    const tookMs: number[] = [];
    let left = STOPS[context.mode];
    const stopOne = async () => {
      while (left-- > 0) {
        const config = { family: "mlp", epochs: 10_000 };
        const trial = await queueTrial(systemActor, { project: context.project.id, config, manifest });
        while ((await requireRun(systemActor, trial.run!.id)).attempts === 0) await pause(50);
        const startedAt = performance.now();
        await updateTrial(systemActor, trial.id, { act: "stop" });
        while ((await requireTrial(systemActor, trial.id)).status === "running") await pause(20);
        tookMs.push(performance.now() - startedAt);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, stopOne));
    return rowOf({
      id: "studies-stop",
      name: `stop to the end of the training: p95 of ${tookMs.length}`,
      unit: "s",
      bar: { atMost: 5, by: "loop" },
      against: `a worker with ${AT_ONCE} trainings at a time; it asks every second`,
      samples: tookMs.map((ms) => ms / 1000),
      value: quantile(tookMs, 0.95) / 1000,
    });
  } finally {
    worker.kill("SIGTERM");
    await new Promise((resolve) => worker.once("close", resolve));
    await rm(folder, { recursive: true, force: true });
  }
}
