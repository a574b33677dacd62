import { createHash, generateKeyPairSync, sign } from "node:crypto";
import canonicalize from "canonicalize";
import fc from "fast-check";
import { expect, test } from "vitest";
import { certificateFile, verifyCertificate } from "./certificate.ts";
import { certificateBy } from "./test-certificate.ts";

const keys = generateKeyPairSync("ed25519");
const publicKey = keys.publicKey.export({ format: "jwk" }).x!;
const rawKey = Buffer.from(publicKey, "base64url");

const certificate = certificateBy(createHash("sha256").update(rawKey).digest("hex"));

const signed = (content: string, key = keys.privateKey) =>
  Buffer.from(certificateFile(content, sign(null, Buffer.from(content), key).toString("base64url")));
const file = signed(canonicalize(certificate)!);

test("a certificate is read by the key that signed it, and its file is JSON", async () => {
  expect(await verifyCertificate(file, publicKey)).toEqual({ certificate, why: null });
  expect(JSON.parse(file.toString())).toEqual({ certificate, signature: expect.any(String) });
});

test("a file with any other byte is refused", async () => {
  const change = fc.tuple(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }));
  await fc.assert(
    fc.asyncProperty(change, async ([place, by]) => {
      const changed = Buffer.from(file);
      changed[place] = changed[place]! ^ by;
      expect((await verifyCertificate(changed, publicKey)).why).not.toBeNull();
    }),
    { numRuns: 500 },
  );
});

test("a file that is cut, longer, or laid out anew is refused", async () => {
  const again = JSON.parse(file.toString());
  const others = [
    file.subarray(0, -1),
    file.subarray(1),
    Buffer.concat([file, Buffer.from("\n")]),
    Buffer.from(JSON.stringify(again, null, 2)),
    Buffer.alloc(0),
    // the last character of 64 bytes in base64url has four bits that say nothing
    Buffer.from(file.toString().replace(/(.)"\}$/, (_, last: string) => `${nextCharacter(last)}"}`)),
  ];
  for (const other of others) expect((await verifyCertificate(other, publicKey)).why).not.toBeNull();
});

const nextCharacter = (last: string) => ({ A: "B", Q: "R", g: "h", w: "x" })[last] ?? "A";

test("another key is refused, and a certificate that names a key which didn't sign it", async () => {
  const other = generateKeyPairSync("ed25519");
  const otherKey = other.publicKey.export({ format: "jwk" }).x!;
  expect((await verifyCertificate(file, otherKey)).why).toMatch("signature");
  expect((await verifyCertificate(file, "abc")).why).toMatch("32 bytes");
  const named = signed(canonicalize(certificate)!, other.privateKey);
  expect((await verifyCertificate(named, otherKey)).why).toMatch("names the key");
});

test("a certificate of another shape is refused though its signature fits", async () => {
  const { claim: _, ...rest } = certificate;
  expect((await verifyCertificate(signed(canonicalize(rest)!), publicKey)).why).toMatch("claim");
});
