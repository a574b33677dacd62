/**
 * The installation's Ed25519 key, which signs certificates. It lies in the data folder in a file of mode 0600, or comes from
 * the environment (`HOLDOUT_SIGNING_KEY`) where there are replicas; it is in no backup. Public keys stay listed.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { asc } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { connections } from "../../db/connection.ts";
import { signingKeys } from "../../db/schema/champions.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import type { SigningKeys } from "../wire/certificates/signing-key.ts";

const keyFile = () => path.resolve(process.env.HOLDOUT_DATA_DIR ?? ".holdout", "signing-key");

/** The private key: 32 bytes in base64url, as `HOLDOUT_SIGNING_KEY` has them. Made at its first use. */
function privateKey(): KeyObject {
  const seed = process.env.HOLDOUT_SIGNING_KEY || readOrMake(keyFile());
  if (!/^[A-Za-z0-9_-]{43}$/.test(seed))
    throw new Error(
      "the signing key isn't 32 bytes in base64url (43 characters); see HOLDOUT_SIGNING_KEY in the README",
    );
  const pkcs8 = Buffer.concat([PKCS8_HEAD, Buffer.from(seed, "base64url")]);
  return createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
}

/** Of an Ed25519 private key in PKCS #8, before its 32 bytes (RFC 8410). */
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");

/** Another process may make it at the same time: the file is whole when its name is there, and the first one stays. */
function readOrMake(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const own = `${file}.${uuidv7()}`;
  const { d } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  writeFileSync(own, `${d}\n`, { mode: 0o600, flag: "wx" });
  try {
    linkSync(own, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(own);
  }
  return readFileSync(file, "utf8").trim();
}

/** Signs with the key that is used now. `id`: the SHA-256 of its public key. */
export type Signer = { id: string; sign: (bytes: Uint8Array) => string };

/** The key that signs now, listed before anything is signed with it. */
export async function openSigner(): Promise<Signer> {
  const key = privateKey();
  const { x } = createPublicKey(key).export({ format: "jwk" });
  const id = createHash("sha256").update(Buffer.from(x!, "base64url")).digest("hex");
  await connections().db.insert(signingKeys).values({ id, publicKey: x! }).onConflictDoNothing();
  return { id, sign: (bytes) => sign(null, bytes, key).toString("base64url") };
}

/** All public keys that ever signed here, the oldest first, and which one signs now. */
export async function listSigningKeys(actor: Actor): Promise<SigningKeys> {
  authorise(actor, "contract.read");
  const { id } = await openSigner();
  const rows = await connections().db.select().from(signingKeys).orderBy(asc(signingKeys.firstUsedAt)).limit(1000);
  return {
    current: id,
    keys: rows.map((row) => ({
      id: row.id,
      algorithm: "Ed25519",
      publicKey: row.publicKey,
      firstUsedAt: row.firstUsedAt.toISOString(),
    })),
  };
}
