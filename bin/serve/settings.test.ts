import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { exposureWarning, readSettings } from "./settings.ts";

const names = [
  "HOST",
  "PORT",
  "HOLDOUT_PROXIES",
  "HOLDOUT_URL",
  "HOLDOUT_DATA_DIR",
  "HOLDOUT_ENV_FILE",
  "DATABASE_URL",
  "DATABASE_APP_URL",
  "HOLDOUT_FILES",
  "HOLDOUT_S3_PATH_STYLE",
  "DATABASE_DIRECT_URL",
  "HOLDOUT_ROLE",
];
const before = names.map((name) => [name, process.env[name]] as const);
beforeEach(() => {
  for (const name of names) delete process.env[name];
  process.env.HOLDOUT_ENV_FILE = "";
});
afterEach(() => {
  for (const [name, value] of before)
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
});

test("nothing set means this machine alone, port 3000, the embedded database", () => {
  expect(readSettings()).toMatchObject({
    host: "127.0.0.1",
    port: 3000,
    proxies: 0,
    url: "http://127.0.0.1:3000",
    databaseUrl: null,
    databaseAppUrl: null,
    databaseDirectUrl: null,
    role: "all",
  });
});

test.each([
  [{ PORT: "8080" }, "http://127.0.0.1:8080"],
  [{ HOST: "0.0.0.0" }, "http://localhost:3000"],
  [{ HOST: "::1", PORT: "81" }, "http://[::1]:81"],
  [{ HOLDOUT_URL: "https://holdout.example.org/" }, "https://holdout.example.org"],
  [{ HOLDOUT_URL: "" }, "http://127.0.0.1:3000"],
])("%o is reached at %s", (environment, url) => {
  Object.assign(process.env, environment);
  expect(readSettings().url).toBe(url);
});

test.each([
  ["PORT", "http"],
  ["PORT", "0"],
  ["PORT", "65536"],
  ["PORT", "80.5"],
  ["PORT", "4190"],
  ["HOLDOUT_URL", "http://holdout.example.org:6000"],
  ["HOLDOUT_ROLE", "server"],
  ["DATABASE_DIRECT_URL", "localhost:5432"],
  ["DATABASE_DIRECT_URL", "postgres://localhost:5432/holdout"],
  ["HOLDOUT_PROXIES", "yes"],
  ["HOLDOUT_PROXIES", "-1"],
  ["HOLDOUT_PROXIES", "127.0.0.1"],
  ["HOLDOUT_URL", "holdout.example.org"],
  ["HOLDOUT_URL", "https://example.org/holdout"],
  ["HOLDOUT_URL", "ftp://example.org"],
  ["DATABASE_URL", "mysql://a:secret@b/c"],
  ["DATABASE_URL", "postgres://a:secret@b"],
  ["DATABASE_APP_URL", "postgres://a:secret@b/c"],
  ["HOLDOUT_FILES", "/srv/files"],
  ["HOLDOUT_FILES", "s3://"],
  ["HOLDOUT_FILES", "s3://Team/files"],
  ["HOLDOUT_FILES", "s3://files/a//b"],
  ["HOLDOUT_FILES", "s3://files/../others"],
  ["HOLDOUT_FILES", "https://files.s3.amazonaws.com"],
  ["HOLDOUT_S3_PATH_STYLE", "yes"],
])("%s=%s is refused by name, without a password in the message", (name, value) => {
  process.env[name] = value;
  expect(() => readSettings()).toThrow(name);
  expect(() => readSettings()).not.toThrow(/secret/);
});

test.each(["s3://files", "s3://files/", "s3://team.files/holdout/1"])("files may be in %s", (place) => {
  process.env.HOLDOUT_FILES = place;
  expect(() => readSettings()).not.toThrow();
});

test("a file of settings fills in what the environment leaves open, and HOLDOUT_ENV_FILE says which", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "holdout-env-"));
  process.env.HOLDOUT_ENV_FILE = path.join(folder, "env");
  writeFileSync(process.env.HOLDOUT_ENV_FILE, "PORT=4001\nHOST=0.0.0.0\n");
  process.env.PORT = "4002";
  expect(readSettings()).toMatchObject({ host: "0.0.0.0", port: 4002 });
  rmSync(folder, { recursive: true });
});

test.each([
  [{ host: "127.0.0.1", url: "http://127.0.0.1:3000" }, false],
  [{ host: "::1", url: "http://[::1]:3000" }, false],
  [{ host: "0.0.0.0", url: "https://holdout.example.org" }, false],
  [{ host: "0.0.0.0", url: "http://localhost:3000" }, true],
  [{ host: "192.168.0.7", url: "http://192.168.0.7:3000" }, true],
])("serving from %o warns: %s", (where, warns) => {
  expect(exposureWarning({ ...readSettings(), ...where }) !== null).toBe(warns);
});
