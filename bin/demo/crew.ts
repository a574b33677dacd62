/** What the demos with workers share: their split, the workers, and accounts whose passwords nobody knows. */
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { MemberActor } from "../../lib/access/actor.ts";
import type { Shutdown } from "../serve/shutdown.ts";
import { startTrainer } from "./trainer.ts";

const WORKERS = 2;
const ENDS_MS = 10_000;

/** The id of the split that all runs are measured on; registered by the trainer at the first start. */
export async function registeredManifest(
  projectId: string,
  environment: NodeJS.ProcessEnv,
  { name, data }: { name: string; data: string[] },
): Promise<string> {
  const { listManifests } = await import("../../lib/manifests/manifests.ts");
  const { systemActor } = await import("../../lib/access/actor.ts");
  const find = async () => (await listManifests(systemActor, projectId)).find((one) => one.name === name)?.id;
  const there = await find();
  if (there) return there;
  const child = startTrainer(environment, ["register", ...data, "--manifestName", name], "ignore");
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const made = await find();
  if (!made) throw new Error(`the trainer couldn't register the demo's manifest (it ended with ${code})`);
  return made;
}

/** Two workers, until they are stopped or the demo is. */
export function startCrew(environment: NodeJS.ProcessEnv, shutdown: Shutdown, more: string[] = []): ChildProcess[] {
  const crew = Array.from({ length: WORKERS }, (_, at) =>
    startTrainer(environment, ["work", "--data", "mnist", "--name", `worker ${at + 1} of the demo`, ...more], "ignore"),
  );
  shutdown.onStop(() => stopCrew(crew));
  for (const worker of crew)
    worker.on("exit", (code) => {
      if (code !== 0 && !shutdown.signal.aborted) console.error(`A worker of the demo ended with ${code}.`);
    });
  return crew;
}

export async function stopCrew(crew: ChildProcess[]): Promise<void> {
  const living = crew.filter((worker) => worker.exitCode === null && worker.signalCode === null);
  const ends = living.map((worker) => new Promise((resolve) => worker.once("exit", resolve)));
  for (const worker of living) worker.kill("SIGTERM");
  await Promise.race([Promise.all(ends), delay(ENDS_MS)]);
  for (const worker of living) if (worker.exitCode === null) worker.kill("SIGKILL");
}

export async function demoMember({ email, name }: { email: string; name: string }): Promise<MemberActor> {
  const { systemActor } = await import("../../lib/access/actor.ts");
  const { listMembers } = await import("../../lib/access/members.ts");
  const { createInvitation } = await import("../../lib/access/links.ts");
  const { spendLink } = await import("../../lib/access/sign-in.ts");
  const find = async () => (await listMembers(systemActor)).find((member) => member.email === email);
  if (!(await find())) {
    const { url } = await createInvitation(systemActor, { email, role: "member" });
    const secret = new URL(url).hash.slice(1);
    await spendLink({ secret, email, name, password: randomBytes(24).toString("base64url") }, new Headers());
  }
  const { id, role } = (await find())!;
  return { kind: "member", id, name, email, role, sessionId: "", projectRoles: new Map() };
}
