/** `sync`: what is left in a spool is delivered. */
import type { Target } from "../client/http.ts";
import { syncSpool } from "../client/sync.ts";

/** Says what was delivered and what stays, and why. Returns the exit code. */
export async function syncCommand(folder: string, target: Target): Promise<number> {
  const { delivered, alive, unmanifested, left } = await syncSpool(folder, target);
  console.log(`${delivered} delivered, ${alive} still at work, ${left.length} left in ${folder}`);
  for (const { run, why } of unmanifested)
    console.log(`  run ${run}: delivered without its split manifest, which was refused: ${why}`);
  for (const { run, why } of left) console.log(`  run ${run}: ${why}`);
  return left.length === 0 ? 0 : 1;
}
