import { readFile, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { expect, test } from "vitest";
import { asProblem, ProblemError } from "./problem.ts";

const withCode = (code: string) => Object.assign(new Error("the cause"), { code });
const statusOf = (error: unknown) => asProblem(new Error("around it", { cause: error }))?.status ?? null;

test.each(["53100", "ENOSPC", "EDQUOT"])("%s says that the disk of the server is full, as 507", (code) => {
  expect(asProblem(withCode(code))).toMatchObject({ status: 507, kind: "full" });
  expect(asProblem(withCode(code))?.detail).toContain("the disk of the server is full");
});

test.each([
  ...[
    "57P01",
    "57P02",
    "57P03",
    "57P05",
    "08000",
    "08003",
    "08006",
    "58030",
    "CONNECTION_CLOSED",
    "CONNECTION_DESTROYED",
  ],
  ...["CONNECT_TIMEOUT", "ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENOTFOUND"],
])("%s says that the database is away, as 503", (code) => {
  expect(asProblem(withCode(code))).toMatchObject({ status: 503, kind: "unavailable" });
  expect(asProblem(withCode(code))?.detail).toContain("the database is away");
});

test.each(["53200", "53300", "53400", "57014", "55P03", "40001", "40P01", "CONNECTION_ENDED", "EMFILE", "EROFS"])(
  "%s is no fault of the request: 503",
  (code) => expect(statusOf(withCode(code))).toBe(503),
);

test.each(["23505", "42P01", "EACCES", "ENOENT", "XX000", "undefined"])("%s is a fault of ours", (code) => {
  expect(statusOf(withCode(code))).toBeNull();
});

test.skipIf(process.platform !== "linux")("a write that a full device refuses is known as such", async () => {
  const error: unknown = await writeFile("/dev/full", "x").catch((refused: unknown) => refused);
  expect(statusOf(error)).toBe(507);
});

test("a missing socket is a database that is away, a missing file is a fault of ours", async () => {
  const missing = "/tmp/holdout-no-such-file";
  const socket: unknown = await new Promise((resolve) => createConnection(missing).on("error", resolve));
  expect(statusOf(socket)).toBe(503);
  expect(statusOf(await readFile(missing).catch((error: unknown) => error))).toBeNull();
});

test("a problem that lies under other errors is itself", () => {
  const problem = new ProblemError("conflict", "taken");
  expect(asProblem(new Error("around it", { cause: problem }))).toBe(problem);
});
