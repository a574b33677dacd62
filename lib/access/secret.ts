/** Secrets of links and tokens: 256 random bits, kept as their SHA-256 alone. */
import { createHash, randomBytes } from "node:crypto";

export const createSecret = (): string => randomBytes(32).toString("base64url");
export const hashSecret = (secret: string): Buffer => createHash("sha256").update(secret).digest();
