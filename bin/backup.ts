/** npm run backup -- FILE.tar: the database and the files, from one moment, beside a server that goes on. */
import { existsSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { Refusal } from "../db/refusal.ts";
import { writeBackup } from "./backup/write.ts";
import { runCommand } from "./serve/command.ts";
import { openFiles, refusing } from "./serve/files.ts";
import { openInstallation } from "./serve/installation.ts";
import { readSettings } from "./serve/settings.ts";

await runCommand(async () => {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [given] = positionals;
  if (!given || positionals.length > 1) throw new Refusal("Where to? Say  npm run backup -- holdout.tar");
  const file = path.resolve(process.env.INIT_CWD ?? process.cwd(), given);
  if (existsSync(file)) throw new Refusal(`${file} exists already; name another file`);
  const settings = readSettings();
  const installation = await openInstallation(settings);
  try {
    const header = await refusing(() => writeBackup(installation.ownerUrl, openFiles(settings), file));
    const rows = header.tables.reduce((sum, table) => sum + table.rows, 0);
    const files = header.entries.filter((entry) => entry.name.startsWith("blobs/")).length;
    console.log(`Wrote ${file}: ${rows} rows of ${header.tables.length} tables and ${files} files.`);
    console.log("It holds hashes of passwords and tokens: keep it where only you can read it.");
    if (header.damaged.length > 0) {
      console.error(`${header.damaged.length} files are missing or damaged in the store: ${header.damaged.join(", ")}`);
      process.exitCode = 1;
    }
  } finally {
    await installation.close();
  }
});
