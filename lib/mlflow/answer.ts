/** From a request to an answer: who asks, which call it is, what it takes. */
import { parseJson } from "../json.ts";
import { askerOf } from "./asker.ts";
import { type Call, calls } from "./calls.ts";
import { parseCall } from "./wire.ts";
import { invalidValue, MlflowError } from "./words/errors.ts";

export type Asked = {
  method: string;
  /** Behind `/api/2.0/mlflow/`, in decoded parts. */
  parts: string[];
  query: URLSearchParams;
  authorization: string | null;
  contentType: string | null;
  /** The body's bytes; asked for only where the call takes one. */
  body: () => Promise<Uint8Array>;
};

/** What a call answers with. Throws an error of the protocol, of ours, or whatever went wrong. */
export async function answerCall(asked: Asked): Promise<object> {
  const actor = await askerOf(asked.authorization);
  const found = calls.flatMap((call) => {
    const fields = fieldsOf(call.path, asked.parts);
    return fields ? [{ call, fields }] : [];
  });
  const match = found.find(({ call }) => call.method === asked.method);
  if (!match) throw unknownCall(asked, found.length > 0);
  const { call, fields } = match;
  const given = asked.method === "GET" ? queryOf(call, asked.query) : await bodyOf(asked);
  return (call.answer as (...of: unknown[]) => Promise<object>)(
    actor,
    parseCall(call.request, { ...given, ...fields }),
  );
}

function unknownCall({ method, parts }: Asked, isOfOtherMethod: boolean): MlflowError {
  const path = parts.join("/").slice(0, 200);
  const why = isOfOtherMethod ? `${method} is not for ${path}` : `Holdout has no call ${method} ${path}`;
  return new MlflowError("ENDPOINT_NOT_FOUND", why);
}

/** The fields that stand in an address; null: it isn't of this path. */
function fieldsOf(path: string, parts: string[]): Record<string, string> | null {
  const pattern = path.split("/");
  if (pattern.length !== parts.length) return null;
  const fields: Record<string, string> = {};
  for (const [at, part] of pattern.entries()) {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name) fields[name] = parts[at]!;
    else if (part !== parts[at]) return null;
  }
  return fields;
}

function queryOf({ lists = [] }: Call, query: URLSearchParams): Record<string, unknown> {
  const names = [...new Set(query.keys())];
  return Object.fromEntries(names.map((name) => [name, lists.includes(name) ? query.getAll(name) : query.get(name)]));
}

const LIMITS = { keysMax: 20_000, commasMax: 40_000, roundsIntegers: true };

/** The body as an object; an empty one is an object of nothing. Old clients send the JSON of a JSON text. */
async function bodyOf({ contentType, body }: Asked): Promise<Record<string, unknown>> {
  const bytes = await body();
  if (bytes.length === 0) return {};
  if (!/^application\/json\b/i.test(contentType ?? ""))
    throw invalidValue("Bad Request. Content-Type must be one of ['application/json'].");
  let value = parseJson(decode(bytes), LIMITS);
  if (typeof value === "string") value = parseJson(value, LIMITS);
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw invalidValue("Bad Request. The body must be a JSON object.");
  return value as Record<string, unknown>;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw invalidValue("Bad Request. The body is no UTF-8.");
  }
}
