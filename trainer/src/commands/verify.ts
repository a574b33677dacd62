/** `verify`: whether a certificate is what the installation with a key signed, checked without asking anybody. */
import { readFileSync } from "node:fs";
import { verifyCertificate } from "../../../lib/wire/certificates/certificate.ts";

/** Says what the certificate certifies, or why it is refused. `key` is from the caller, never out of the file. Returns the exit code. */
export async function verifyCommand(file: string, key: string): Promise<number> {
  const { certificate, why } = await verifyCertificate(readFileSync(file), key);
  if (certificate === null) {
    console.error(`${file} is refused: ${why}`);
    return 1;
  }
  const { claim, run, manifest, checkpoint, looks, evaluations } = certificate;
  console.log(
    `${file} is as ${certificate.issuer} signed it at ${certificate.issuedAt}, with the key ${certificate.key}`,
  );
  console.log(
    `  run ${run.name || run.id}, checkpoint ${checkpoint.path} of step ${checkpoint.step} (${checkpoint.sha256.slice(0, 12)})`,
  );
  console.log(`  claimed by ${claim.by} at ${claim.at}: ${claim.reason}`);
  console.log(`  rule: ${claim.rule.metric} on ${claim.rule.split}, ${claim.rule.direction}, ${claim.rule.written}`);
  console.log(
    `  manifest ${manifest.name} (${manifest.id.slice(0, 12)}), test digest ${manifest.testDigest.slice(0, 12)}, looks so far: ${looks.count}`,
  );
  for (const { split, samples, metrics } of evaluations)
    for (const { metric, value, interval } of metrics ?? [])
      console.log(
        `  ${split} ${metric}: ${typeof value === "number" ? value : `undefined (${value.undefined})`}` +
          `${interval ? `, ${interval.low} to ${interval.high} by ${interval.method}` : ""}, n = ${samples}`,
      );
  return 0;
}
