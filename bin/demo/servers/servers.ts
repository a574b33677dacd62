/** The demo's fourth part: several servers on this machine, of which one after another is killed while points and files come in. */
import { closeConnections } from "../../../db/connection.ts";
import { Refusal } from "../../../db/refusal.ts";
import { freePort } from "../../../lib/test-port.ts";
import { type Servers, startServers } from "../../../servers/servers.ts";
import { buildIfStale } from "../../serve/build.ts";
import { handleSignals } from "../../serve/shutdown.ts";
import { killAgainAndAgain } from "./kill.ts";
import { killLeader } from "./lead.ts";
import { watchAcross } from "./pages.ts";
import { openStage, type Shown, type Stage } from "./stage.ts";
import { trainMeanwhile } from "./train.ts";

const KILLS = 4;
const KILLS_MAX = 1000;
const say = (line: string) => console.log(line);

/**
 * Starts all of it, kills parts of it and says line by line what came of that; then it stays up. With `isCheck` it ends instead, with
 * code 1 where a line wasn't as it should be. Throws a Refusal for settings that can't be.
 */
export async function demonstrateServers(given: { isCheck: boolean; kills?: string | undefined }): Promise<void> {
  const kills = numberOf("--kills", given.kills ?? String(KILLS), KILLS_MAX);
  const port = process.env.PORT ? numberOf("PORT", process.env.PORT, 65535) : await freePort();
  const shutdown = handleSignals();
  try {
    const { step, onStop, signal } = shutdown;
    await step(() => buildIfStale(say, signal));
    say("Starting PostgreSQL, two workers, two web servers and a balancer …");
    const servers = await step(() => startServers({ port, workers: 2, say, onStop }));
    onStop(closeConnections);
    const stage = await step(() => openStage(servers, shutdown));
    say(whatStands(servers));
    const isAll = await step(() => showAll(stage, kills));
    if (given.isCheck) return shutdown.finish(isAll ? 0 : 1);
    shutdown.serving();
    await sayWhereItIs(stage);
  } catch (error) {
    if (!shutdown.signal.aborted) shutdown.fail(error);
  }
}

function numberOf(name: string, text: string, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > max)
    throw new Refusal(`${name} is ${text}; a number from 1 to ${max} is right`);
  return value;
}

/** Each act in its turn, while models train. Whether all was as it should be. */
async function showAll(stage: Stage, kills: number): Promise<boolean> {
  const startedAt = Date.now();
  let wrong = 0;
  const show = (lines: Shown[]) => {
    for (const { words, isSo } of lines) {
      say(`  ${isSo ? "✓" : "✗ WRONG:"} ${words}`);
      wrong += Number(!isSo);
    }
  };
  const training = trainMeanwhile(stage);
  show(await watchAcross(stage));
  show(await killAgainAndAgain(stage, kills));
  show(await killLeader(stage));
  show(await training.end());
  show(complaintsOf(stage.servers));
  const took = `in ${Math.round((Date.now() - startedAt) / 1000)} s`;
  say(wrong === 0 ? `All of it was so, ${took}.` : `${wrong} of it wasn't so, ${took}.`);
  return wrong === 0;
}

/** What no death of another server is a reason for. */
function complaintsOf({ webs, workers }: Servers): Shown[] {
  const lines = [...webs, ...workers].flatMap((app) => app.output().split("\n"));
  const complaints = lines.filter((line) => /Uncaught|Unhandled|the thread that|holdout:/.test(line));
  return [
    {
      words: ["no server that lives complains of anything", ...complaints].join("\n    "),
      isSo: complaints.length === 0,
    },
  ];
}

function whatStands({ url, webs, workers, isPooled, files, dataDir }: Servers): string {
  const pids = (apps: { pid: number }[]) => apps.map(({ pid }) => pid).join(" and ");
  const database = isPooled
    ? "behind PgBouncer in transaction mode; LISTEN, locks of sessions and migrations go past it"
    : "reached directly";
  return `
  balancer     ${url}
  web servers  processes ${pids(webs)}
  workers      processes ${pids(workers)}; the first leads
  PostgreSQL   ${database}
  files        ${files}
  data         ${dataDir}, for as long as this runs
`;
}

async function sayWhereItIs({ servers, place }: Stage): Promise<void> {
  const { createFirstAdminLink } = await import("../../../lib/access/links.ts");
  say(`\nIt goes on at ${servers.url}/projects/${place.slug}`);
  say(`Sign in as the first admin (once, within 15 minutes): ${await createFirstAdminLink()}`);
  const pids = servers.webs.map(({ pid }) => pid);
  say(`End a web server while you look:  kill -9 ${pids[0]}`);
  say("Ctrl-C stops everything, and removes what was stored.");
}
