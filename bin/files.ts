/** npm run files -- move --to s3://BUCKET/PREFIX|folder: brings all files to another place, while no server runs. */
import { parseArgs } from "node:util";
import { Refusal } from "../db/refusal.ts";
import { storeAt } from "../lib/blobs/blobs.ts";
import { FILES_PLACES, parseBucketPlace } from "../lib/blobs/place.ts";
import { type Moved, moveFiles } from "./files/move.ts";
import { runCommand } from "./serve/command.ts";
import { openFiles, refusing, requireFiles } from "./serve/files.ts";
import { openStopped } from "./serve/installation.ts";
import { readSettings, type Settings } from "./serve/settings.ts";

const usage = `npm run files -- move --to s3://BUCKET/PREFIX     from the data folder, or from the bucket that HOLDOUT_FILES names
npm run files -- move --to folder                 to the data folder
  --remove    what was moved goes from where it was, once all of it is there`;

/** How often the terminal hears how far it is. */
const SAY_MS = 1_000;

await runCommand(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { to: { type: "string" }, remove: { type: "boolean", default: false } },
  });
  if (positionals.length !== 1 || positionals[0] !== "move" || !values.to)
    throw new Refusal(`What is to be done with the files? Say\n\n${usage}`);
  const settings = readSettings();
  const from = openFiles(settings);
  const to = targetOf(values.to, settings);
  const installation = await openStopped(settings);
  try {
    if (from.place === to.place) throw new Refusal(`The files are in ${to.place} already.`);
    await requireFiles(to);
    const say = telling();
    const moved = await refusing(() => moveFiles(installation.ownerUrl, { from, to, removes: values.remove, say }));
    console.log(outcome(moved, from.place, to.place));
    if (moved.missing.length > 0) process.exitCode = 1;
  } finally {
    await installation.close();
  }
  console.log(
    values.to === "folder"
      ? "Take HOLDOUT_FILES out of the environment, then start:  npm start"
      : `Set HOLDOUT_FILES=${to.place} for every server, then start:  npm start`,
  );
});

function targetOf(given: string, { dataDir }: Settings) {
  if (given === "folder") return storeAt(null, dataDir);
  if (!parseBucketPlace(given)) throw new Refusal(`--to is ${given}; folder or ${FILES_PLACES}`);
  return storeAt(given, dataDir);
}

/** Says how far it is, at most once a second. */
function telling(): (line: string) => void {
  let saidAt = 0;
  return (line) => {
    if (Date.now() - saidAt < SAY_MS) return;
    saidAt = Date.now();
    console.log(line);
  };
}

function outcome({ copied, wereThere, missing, removed }: Moved, from: string, to: string): string {
  const lines = [
    `${copied} files were brought to ${to}, each checked there by its hash; ${wereThere} were there already.`,
  ];
  if (missing.length > 0)
    lines.push(
      `${missing.length} files are missing or damaged in ${from}: ${missing.join(", ")}. All others are there.`,
    );
  lines.push(removed === null ? `They are still in ${from} too.` : `${removed} files were removed from ${from}.`);
  return lines.join("\n");
}
