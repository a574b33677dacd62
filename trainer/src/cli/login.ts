/** `login` and `logout`: a server's address and token, kept for this user. */
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { z } from "zod";
import { apiOf } from "../../../lib/agents/api.ts";
import { Refused } from "../../../lib/sending/answers.ts";
import { callerSchema } from "../../../lib/wire/server.ts";
import { serverAddress } from "../client/http.ts";
import { readInput } from "./command-line.ts";
import { Misused } from "./exits.ts";
import { forgetLogin, loginFile, storeLogin } from "./login-file.ts";

const nothing = { input: z.object({}), positional: [] };

/** Asks the server whether the token is good before it is kept. */
export async function loginCommand(argv: string[]): Promise<number> {
  const { common } = readInput(nothing, argv);
  const url = serverAddress(common.url);
  const token = (common.token ?? (await readToken(url))).trim();
  if (token === "" || /\s/.test(token))
    throw new Misused("the token: expected one word, as a project's settings show it once");
  const api = apiOf({ url, token });
  const caller = await api({ route: "whoami" }).catch((error: unknown) => {
    // a token of scope submit may not even ask who it is
    if (error instanceof Refused && error.status === 403) return null;
    throw error;
  });
  const file = storeLogin({ url, token });
  const { name, scope, project } =
    caller === null ? { name: "", scope: "submit", project: null } : callerSchema.parse(caller);
  const answer = { url, scope, project: project?.slug ?? null, file };
  const words = `${url}: ${name || "a token"} of scope ${scope}${project ? ` in ${project.slug}` : ""}; kept in ${file}`;
  console.log(common.json ? JSON.stringify(answer, null, 2) : words);
  return 0;
}

/** Typed without an echo, or the first line of standard input. */
async function readToken(url: string): Promise<string> {
  const isTyped = process.stdin.isTTY === true;
  if (isTyped) process.stderr.write(`Token for ${url} (a project's settings make one): `);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: isTyped });
  for await (const line of lines) {
    lines.close();
    if (isTyped) process.stderr.write("\n");
    return line;
  }
  throw new Misused("the token: expected a line on standard input, or --token");
}

export async function logoutCommand(argv: string[]): Promise<number> {
  readInput(nothing, argv);
  forgetLogin();
  console.log(`${loginFile()} is gone`);
  return 0;
}
