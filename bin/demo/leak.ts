/** The demo's second project: one table of patients, split twice. One split leaks and is blocked, the other passes. */

const PROJECT = "Patients demo";
const PATIENTS = 300;
const READINGS = 4;
const SEED = 1;

/** Makes project, dataset and both manifests, unless they are there. The server's worker checks them. */
export async function prepareLeakDemo(): Promise<void> {
  const [{ listProjects, createProject }, { systemActor }, datasets, { registerManifest }, { uploadSamples }] =
    await Promise.all([
      import("../../lib/projects/projects.ts"),
      import("../../lib/access/actor.ts"),
      import("../../lib/datasets/datasets.ts"),
      import("../../lib/manifests/register.ts"),
      import("../../lib/datasets/upload.ts"),
    ]);
  if ((await listProjects(systemActor)).some(({ name }) => name === PROJECT)) return;
  const project = await createProject(systemActor, {
    name: PROJECT,
    description: "What a leak looks like: made-up readings of made-up patients, split twice. One manifest is blocked.",
    primaryMetric: "accuracy",
    primaryDirection: "max",
  });
  const dataset = { name: "patients", version: "1" };
  const { id } = await datasets.createDataset(systemActor, { ...dataset, project: project.id });
  await uploadSamples(systemActor, id, { format: "csv" }, new Blob([await readings()]).stream());
  await datasets.completeDataset(systemActor, id);
  const given = { project: project.id, dataset };
  await registerManifest(systemActor, {
    ...given,
    name: "readings dealt one by one",
    method: "given",
    notes: "Readings of one patient stand in train and in test: a model that knows the patient again looks good.",
  });
  await registerManifest(systemActor, {
    ...given,
    name: "each patient in one split",
    method: "stratified-group",
    seed: SEED,
    notes: "The same readings, but all of a patient's go together: what is tested was never seen.",
  });
}

/** CSV of readings: several of each patient, around the patient's own values; `split` deals them one by one. */
async function readings(): Promise<string> {
  const { seededRandom } = await import("../../lib/statistics/resampling/random.ts");
  const random = seededRandom(SEED);
  const around = (mean: number, deviation: number) => mean + deviation * (random() + random() + random() - 1.5) * 2;
  const lines = ["key,group,split,label,age,pressure,pulse,glucose,weight"];
  for (let patient = 1; patient <= PATIENTS; patient++) {
    const name = `patient ${String(patient).padStart(3, "0")}`;
    const age = Math.round(around(58, 12));
    const own = [around(118 + age / 4, 12), around(74, 9), around(5.6, 0.9), around(78, 12)];
    const isReturned = own[0]! / 12 + own[2]! * 1.4 + random() * 4 > 21.5;
    for (let reading = 1; reading <= READINGS; reading++) {
      const chance = random();
      const split = chance < 0.7 ? "train" : chance < 0.85 ? "validation" : "test";
      const values = own.map((value, at) => around(value, [7, 6, 0.5, 1.5][at]!).toFixed(at === 2 ? 2 : 1));
      lines.push([`${name} reading ${reading}`, name, split, isReturned ? "returned" : "well", age, ...values].join());
    }
  }
  return lines.join("\n");
}
