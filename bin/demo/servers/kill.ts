/** Points and files on their way in while the web server that takes them is killed, again and again. */
import { createHash, randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Artifact, ArtifactList } from "../../../lib/wire/artifacts.ts";
import { askFor, KnownRun, readFile } from "../../../servers/known-points.ts";
import type { Shown, Stage } from "./stage.ts";

const WRITERS = 4;
/** Of each writer, from one death to the next. */
const BATCHES = 15;
const FILES = 2;
const FILE_BYTES = 2 * 2 ** 20;
/** After the first batch is stored; at the others and the files a server is then. */
const KILLED_AFTER_MS = 30;

/** Kills either web server in turns, and counts what is there in the end. */
export async function killAgainAndAgain(stage: Stage, kills: number): Promise<Shown[]> {
  const { servers, place, shutdown } = stage;
  const run = await KnownRun.begin(place, WRITERS, "points while servers die");
  const hashes = new Map<string, string>();
  let repeated = 0;
  for (let death = 0; death < kills; death++) {
    shutdown.signal.throwIfAborted();
    const [dying, other] = [death % 2, (death + 1) % 2];
    servers.balancer.prefer(dying);
    const names = Array.from({ length: FILES }, (_, at) => `files/${death}-${at}.bin`);
    const files = names.map((name) => putFile(stage, run, name));
    const points = run.sendBatches(BATCHES);
    await Promise.race([points, delay(KILLED_AFTER_MS)]);
    await servers.webs[dying]!.kill();
    for (const [at, hash] of (await Promise.all(files)).entries()) hashes.set(names[at]!, hash);
    repeated += await points;
    // whoever comes meanwhile isn't led to a server that is only starting
    servers.balancer.prefer(other);
    await servers.webs[dying]!.start();
  }
  await run.finish();
  return [await countPoints(run, kills, repeated), await countFiles(stage, run, hashes)];
}

async function countPoints(run: KnownRun, kills: number, repeated: number): Promise<Shown> {
  const { lost, doubled } = await run.countWrong();
  const words = `${run.points} points of ${WRITERS} writers came in while the web servers were killed in turns, ${kills} times (kill -9): ${lost} lost, ${doubled} doubled; of ${repeated} batches that were stored the answer was lost, and they came again`;
  return { words, isSo: lost === 0 && doubled === 0 };
}

/** Stores a file that nobody has; returns its SHA-256. */
async function putFile({ place }: Stage, run: KnownRun, name: string): Promise<string> {
  const body = randomBytes(FILE_BYTES);
  const sha256 = createHash("sha256").update(body).digest("hex");
  const route = `runs/${run.id}/artifacts/${name}`;
  const stored = await askFor<Artifact>(place, { method: "PUT", route, body });
  if (stored.sha256 !== sha256) throw new Error(`${name} was stored as ${stored.sha256}; ${sha256} was sent`);
  return sha256;
}

async function countFiles({ servers, place }: Stage, run: KnownRun, hashes: Map<string, string>): Promise<Shown> {
  const listed = await askFor<ArtifactList>(place, { method: "GET", route: `runs/${run.id}/artifacts` });
  let wrong = 0;
  for (const server of servers.webs.keys()) {
    servers.balancer.prefer(server);
    for (const [name, hash] of hashes) {
      const content = await readFile(place, `runs/${run.id}/artifacts/${name}`);
      wrong += Number(createHash("sha256").update(content).digest("hex") !== hash);
    }
  }
  const others = listed.artifacts.length - hashes.size;
  const words = `${hashes.size} files of ${FILE_BYTES / 2 ** 20} MiB came in meanwhile, and are read from either web server by their hashes: ${wrong} wrong, ${others} too many`;
  return { words, isSo: wrong === 0 && others === 0 };
}
