/** One Holdout for the bench: the production build, its own data folder, port and embedded PostgreSQL. */
import { once } from "node:events";
import { v4 as uuidv4 } from "uuid";
import { type App, startApp, startBeside } from "../bin/servers/app.ts";
import { connect } from "../db/connection.ts";

export type BenchApp = {
  url: string;
  pid: number;
  dataDir: string;
  /** The database, as its owner. */
  ownerUrl: string;
  /** The first admin's one-time link. */
  link: string;
  /** What the heap of its main thread holds after a collection, with the buffers outside it. */
  heapBytes: () => Promise<number>;
  /** A further web server of its installation, on its database and files, at an address of its own. */
  startBeside: () => Promise<App>;
  stop: () => Promise<void>;
};

/** Loaded into the app: asked by a message, collects what nobody holds and answers what is left. */
const ANSWERS_HEAP = `data:text/javascript,${encodeURIComponent(`
  process.on("message", () => {
    gc();
    const { heapUsed, external } = process.memoryUsage();
    process.send({ heapBytes: heapUsed + external });
  });
  process.channel?.unref();`)}`;

/**
 * Starts it in a folder for temporary files, which `stop` removes; the build is made where it is stale. From then on
 * this process's own calls of lib reach the same database, as the app's role. No setting of the user's is read.
 */
export async function startBenchApp(): Promise<BenchApp> {
  const secret = { HOLDOUT_SECRET: uuidv4() + uuidv4() };
  const app = await startApp(secret, ["--expose-gc", "--import", ANSWERS_HEAP]);
  const { DATABASE_URL: ownerUrl, DATABASE_APP_URL: appUrl } = app.databaseUrls();
  const { DATABASE_URL: _url, ...rest } = process.env;
  const own = { HOLDOUT_ENV_FILE: "", HOLDOUT_DATA_DIR: app.dataDir, HOLDOUT_URL: app.url, PORT: String(app.port) };
  process.env = { ...rest, ...own, ...secret, DATABASE_APP_URL: appUrl } as unknown as NodeJS.ProcessEnv;
  return {
    url: app.url,
    pid: app.pid,
    dataDir: app.dataDir,
    ownerUrl,
    heapBytes: async () => {
      app.child().send("heap");
      const [{ heapBytes }] = (await once(app.child(), "message")) as [{ heapBytes: number }];
      return heapBytes;
    },
    link: app.link ?? "",
    startBeside: () => startBeside(app, { ...secret, HOLDOUT_ROLE: "web" }),
    // what was measured is told all the same
    stop: () => app.stop().catch((error: unknown) => console.error(error)),
  };
}

/** Runs `use` with a connection of the database's owner. */
export async function asOwner<Result>(
  ownerUrl: string,
  use: (sql: ReturnType<typeof connect>) => Promise<Result>,
): Promise<Result> {
  const sql = connect(ownerUrl, { max: 1 });
  try {
    return await use(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
