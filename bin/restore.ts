/** npm run restore -- FILE.tar: puts a backup where nothing is yet, or with --replace in place of what is there. */
import path from "node:path";
import { parseArgs } from "node:util";
import { Refusal } from "../db/refusal.ts";
import { refuseUnknownSchema, whatIsThere } from "./backup/database.ts";
import { verifyBackup } from "./backup/file.ts";
import { restoreBackup } from "./backup/restore.ts";
import { runCommand } from "./serve/command.ts";
import { openFiles, refusing, requireFiles } from "./serve/files.ts";
import { openAlone } from "./serve/installation.ts";
import { takeLock } from "./serve/lock.ts";
import { makeDataDir, readSettings } from "./serve/settings.ts";

await runCommand(async () => {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { replace: { type: "boolean" } } });
  const [given] = positionals;
  if (!given || positionals.length > 1) throw new Refusal("Which backup? Say  npm run restore -- holdout.tar");
  const file = path.resolve(process.env.INIT_CWD ?? process.cwd(), given);
  const settings = readSettings();
  const header = await verifyBackup(file);
  refuseUnknownSchema(header);
  makeDataDir(settings.dataDir);
  const lock = await takeLock(settings.dataDir, settings.url);
  if ("pid" in lock)
    throw new Refusal(`Holdout runs (process ${lock.pid}): stop it first, with Ctrl-C where it was started.`);
  const installation = await openAlone(settings, lock);
  try {
    const files = openFiles(settings);
    await requireFiles(files);
    const there = await whatIsThere(installation.ownerUrl);
    if (there && !values.replace)
      throw new Refusal(
        `The database already holds ${there}. Say --replace to remove all of it and restore the backup.`,
      );
    await refusing(() => restoreBackup(file, header, installation, files));
  } finally {
    await installation.close();
  }
  console.log(`Restored the backup of ${header.createdAt}. Start it with  npm start`);
});
