/** Who asks: the token of a Bearer header, or the password of a Basic one, whatever the user's name there. */
import type { TokenActor } from "../access/actor.ts";
import { tokenActor } from "../access/tokens.ts";
import { MlflowError } from "./words/errors.ts";

const unknown = () =>
  new MlflowError(
    "UNAUTHENTICATED",
    "The token is missing, unknown or revoked. Set MLFLOW_TRACKING_TOKEN to a token of Holdout, or MLFLOW_TRACKING_PASSWORD with any user name.",
  );

/** The token's actor. Throws `UNAUTHENTICATED`. A member's cookie counts for nothing here: these are routes of programs. */
export async function askerOf(authorization: string | null): Promise<TokenActor> {
  const secret = authorization === null ? null : secretOf(authorization);
  const actor = secret === null ? null : await tokenActor(secret);
  if (!actor) throw unknown();
  return actor;
}

function secretOf(authorization: string): string | null {
  const [, scheme = "", rest = ""] = /^(Bearer|Basic)\s+(\S+)$/i.exec(authorization) ?? [];
  if (/^bearer$/i.test(scheme)) return rest;
  const decoded = Buffer.from(rest, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  return colon < 0 ? null : decoded.slice(colon + 1);
}
