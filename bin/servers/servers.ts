/**
 * An installation of several servers on this machine: PostgreSQL, PgBouncer and a bucket where they are installed, workers, web
 * servers, and a balancer in front. Its data lie in folders for temporary files, and go with it.
 */
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startEmbedded } from "../../db/embedded/embedded.ts";
import { isS3Here, startS3 } from "../../lib/blobs/test-s3.ts";
import { type App, type DatabaseUrls, type Installed, startBeside } from "./app.ts";
import { type Balancer, startBalancer } from "./balancer.ts";
import { findPgBouncer, startPgBouncer } from "./pgbouncer.ts";

export type Servers = {
  /** The balancer's address, which is the installation's. */
  url: string;
  dataDir: string;
  /** What sessions are signed with. */
  secret: string;
  /** The database past any pooler. */
  direct: DatabaseUrls;
  /** Where files are: a folder, or `s3://…`. */
  files: string;
  isPooled: boolean;
  balancer: Balancer;
  webs: App[];
  /** The first leads all periodic work, until it ends. */
  workers: App[];
};

type Options = {
  /** Where the balancer listens. */
  port: number;
  workers: number;
  say: (line: string) => void;
  /** Remembers how to end what was just started; the last comes first. */
  onStop: (act: () => Promise<void>) => void;
};

const WEBS = 2;

/** Starts all of it. Throws where a part doesn't start; what had started is ended by what `onStop` was told. */
export async function startServers({ port, workers: count, say, onStop }: Options): Promise<Servers> {
  const ports: number[] = [];
  const balancer = await startBalancer(port, ports);
  onStop(balancer.stop);
  const dataDir = await mkdtemp(path.join(tmpdir(), "holdout-servers-"));
  onStop(() => rm(dataDir, { recursive: true, force: true }));
  const direct = await startDatabase(dataDir, say, onStop);
  const pooled = await startPooler(direct, say, onStop);
  const bucket = await startBucket(say, onStop);
  await mkdir(path.join(dataDir, "blobs"), { mode: 0o700 });
  const url = `http://127.0.0.1:${port}`;
  const secret = randomBytes(32).toString("base64url");
  const signingKey = randomBytes(32).toString("base64url");
  const installed: Installed = { dataDir, databaseUrls: () => pooled ?? direct };
  const shared = { HOLDOUT_URL: url, HOLDOUT_SECRET: secret, HOLDOUT_SIGNING_KEY: signingKey, ...bucket };
  const start = async (role: "web" | "worker") => {
    const app = await startBeside(installed, { ...shared, HOLDOUT_ROLE: role }, dataDir);
    onStop(app.stop);
    return app;
  };
  const workers: App[] = [];
  const webs: App[] = [];
  // one after the other: the first migrates, and leads
  for (let each = 0; each < count; each++) workers.push(await start("worker"));
  for (let each = 0; each < WEBS; each++) {
    webs.push(await start("web"));
    ports.push(webs[each]!.port);
  }
  return {
    url,
    dataDir,
    secret,
    direct,
    files: bucket?.HOLDOUT_FILES ?? path.join(dataDir, "blobs"),
    isPooled: pooled !== null,
    balancer,
    webs,
    workers,
  };
}

async function startDatabase(folder: string, say: Options["say"], onStop: Options["onStop"]): Promise<DatabaseUrls> {
  const embedded = await startEmbedded({ folder, say });
  onStop(embedded.stop);
  return { DATABASE_URL: embedded.ownerUrl, DATABASE_APP_URL: embedded.appUrl };
}

/** The ways through PgBouncer and past it; null: there is none. */
async function startPooler(
  direct: DatabaseUrls,
  say: Options["say"],
  onStop: Options["onStop"],
): Promise<(DatabaseUrls & { DATABASE_DIRECT_URL: string }) | null> {
  const program = findPgBouncer("the servers reach PostgreSQL without it", say);
  if (!program) return null;
  const pgbouncer = await startPgBouncer(program, Object.values(direct));
  onStop(pgbouncer.stop);
  return {
    DATABASE_URL: pgbouncer.through(direct.DATABASE_URL),
    DATABASE_APP_URL: pgbouncer.through(direct.DATABASE_APP_URL),
    DATABASE_DIRECT_URL: direct.DATABASE_URL,
  };
}

/** What leads to a bucket; null: there is no S3 server, and files go into a folder. */
async function startBucket(say: Options["say"], onStop: Options["onStop"]) {
  if (!isS3Here) {
    say(
      "No S3 server is installed: files are in one folder that the servers share (Debian: apt-get install python3-swift)",
    );
    return null;
  }
  const s3 = await startS3();
  onStop(s3.stop);
  return { ...s3.environment, HOLDOUT_FILES: `${await s3.newBucket()}/files` };
}
