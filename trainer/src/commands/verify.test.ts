import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { certificateFile } from "../../../lib/wire/certificates/certificate.ts";
import { certificateBy } from "../../../lib/wire/certificates/test-certificate.ts";
import { startTrainer } from "../test/test-program.ts";

const folder = mkdtempSync(path.join(tmpdir(), "holdout-verify-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const key = publicKey.export({ format: "jwk" }).x!;
const content = JSON.stringify(certificateBy(createHash("sha256").update(Buffer.from(key, "base64url")).digest("hex")));
const file = certificateFile(content, sign(null, Buffer.from(content), privateKey).toString("base64url"));

test.each([
  ["is as it was signed", file, ["--key", key], 0, /accuracy: 0\.9, 0\.7 to 0\.97 by wilson.*n = 15/s],
  ["has another number", file.replace('"value":0.9', '"value":0.8'), ["--key", key], 1, /the signature doesn't fit/],
  ["comes without a key that is trusted", file, [], 1, /key: is missing/],
])("a certificate that %s is told as such, and no server is asked", async (_what, text, flags, code, words) => {
  const place = path.join(folder, "certificate.json");
  writeFileSync(place, text);
  const { said, ended } = startTrainer(["verify", place, ...flags], {
    cwd: folder,
    url: "http://127.0.0.1:1",
    spoolDir: path.join(folder, "spool"),
  });
  expect(await ended, said()).toBe(code);
  expect(said()).toMatch(words);
});
