/** The shortest programs that log a run, for an empty project's page, and what MLflow's clients need. Each reads its token from HOLDOUT_TOKEN. */

export const snippetLanguages = ["TypeScript", "curl", "Python", "MLflow", "Predictions"] as const;
export type SnippetLanguage = (typeof snippetLanguages)[number];

/** `origin`: the server's address, without a slash at its end. */
export function snippet(language: SnippetLanguage, origin: string): string {
  return { TypeScript: typescript, curl, Python: python, MLflow: mlflow, Predictions: predictions }[language](origin);
}

const typescript = (origin: string) => `import { createRun } from "./trainer/src/client/client.ts";

const run = await createRun({
  url: "${origin}",
  name: "from TypeScript",
  config: { learningRate: 0.1 },
});
for (let step = 0; step < 100; step++) {
  run.log({ split: "train", step, metrics: { loss: 1 / (step + 1) } });
}
await run.finish();
`;

const curl = (origin: string) => `api=${origin}/api/v1
auth="Authorization: Bearer $HOLDOUT_TOKEN"

run=$(curl -sSf -H "$auth" $api/runs -d '{"name": "from curl", "config": {"learningRate": 0.1}}' |
  grep -o '"id":"[^"]*"' | head -1 | cut -d'"' -f4)
writer=$(cat /proc/sys/kernel/random/uuid)
now=$(date +%s000)

curl -sSf -H "$auth" $api/runs/$run/writers -d "{\\"writer\\": \\"$writer\\"}"
curl -sSf -H "$auth" $api/runs/$run/metrics -d "{\\"writer\\": \\"$writer\\", \\"sequence\\": 1, \\"groups\\": [
  {\\"split\\": \\"train\\", \\"steps\\": [0, 1, 2], \\"times\\": [$now, $now, $now], \\"metrics\\": {\\"loss\\": [1, 0.5, 0.33]}}]}"
curl -sSf -H "$auth" $api/runs/$run/finish -d '{"status": "finished"}'
`;

const python = (origin: string) => `import json, os, time, urllib.request, uuid

def post(path, body):
    request = urllib.request.Request("${origin}/api/v1/" + path, json.dumps(body).encode(),
        {"Authorization": "Bearer " + os.environ["HOLDOUT_TOKEN"], "Content-Type": "application/json"})
    return json.load(urllib.request.urlopen(request))

run = post("runs", {"name": "from Python", "config": {"learningRate": 0.1}})["id"]
writer = str(uuid.uuid4())
post(f"runs/{run}/writers", {"writer": writer})

steps = list(range(100))
times = [int(time.time() * 1000)] * len(steps)
loss = [1 / (step + 1) for step in steps]
post(f"runs/{run}/metrics", {"writer": writer, "sequence": 1, "groups": [
    {"split": "train", "steps": steps, "times": times, "metrics": {"loss": loss}}]})
post(f"runs/{run}/finish", {"status": "finished"})
`;

/** What scripts of other libraries need, two lines each; a project's token is their experiment `Default`. */
const mlflow = (origin: string) => `export MLFLOW_TRACKING_URI=${origin}
export MLFLOW_TRACKING_TOKEN=$HOLDOUT_TOKEN

# Lightning
from lightning.pytorch.loggers import MLFlowLogger
trainer = Trainer(logger=MLFlowLogger("Default"))

# Hugging Face
arguments = TrainingArguments(output_dir="out", report_to="mlflow")
Trainer(model, arguments, train_dataset=rows).train()

# Keras
with mlflow.start_run():
    model.fit(x, y, validation_split=0.2, callbacks=[mlflow.keras.MlflowCallback()])

# scikit-learn
mlflow.sklearn.autolog()
LogisticRegression().fit(x, y)
`;

/** What MLflow's clients lack, in Python's standard library: a run that cites a split manifest, and predictions to be judged. */
const predictions = (origin: string) => `import json, os, urllib.request, uuid

def ask(path, body, method="POST", kind="application/json"):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request("${origin}/api/" + path, data, method=method,
        headers={"Authorization": "Bearer " + os.environ["HOLDOUT_TOKEN"], "Content-Type": kind})
    return json.load(urllib.request.urlopen(request))

# a script that has MLflow: with mlflow.start_run(tags={"holdout.manifest": …}) as run: run = run.info.run_id
tags = [{"key": "holdout.manifest", "value": os.environ["HOLDOUT_MANIFEST"]}]
run = ask("2.0/mlflow/runs/create", {"experiment_id": "0", "tags": tags})["run"]["info"]["run_id"]
here = f"v1/runs/{uuid.UUID(run)}"

# the weights that predict, and what they say of each validation sample, by its key in the manifest
ask(here + "/artifacts/model.bin", b"your model's file", "PUT", "application/octet-stream")
checkpoint = ask(here + "/checkpoints", {"path": "model.bin", "step": 0, "epoch": 0})["id"]
predicted = {"b": "cat"}

opened = ask(here + "/evaluations", {"checkpoint": checkpoint, "split": "validation",
    "task": "classification", "form": "class", "classes": ["cat", "dog"]})["id"]
ask(f"{here}/evaluations/{opened}/predictions",
    {"sequence": 1, "keys": list(predicted), "classes": list(predicted.values())})
ask(f"{here}/evaluations/{opened}/complete", {})
ask("2.0/mlflow/runs/update", {"run_id": run, "status": "FINISHED"})
`;

/** A whole worker in Python's standard library, for a study's own program: it asks, trains, heeds a stop and tells. */
export const pythonWorker = (origin: string): string => `import json, math, os, urllib.request

def post(path, body):
    request = urllib.request.Request("${origin}/api/v1/" + path, json.dumps(body).encode(),
        {"Authorization": "Bearer " + os.environ["HOLDOUT_TOKEN"], "Content-Type": "application/json"})
    return json.load(urllib.request.urlopen(request))

def train(values, x=1.0):  # your training: here the lowest point of a square is looked for
    for step in range(100):
        x -= values.get("optimizer.learningRate", 0.1) * 2 * x
        yield step, x * x

while trial := post("studies/" + os.environ["HOLDOUT_STUDY"] + "/ask", {})["trial"]:
    path, lease, signal = "trials/" + trial["trial"], {"lease": trial["lease"]}, "none"
    for step, loss in train(trial["values"]):
        if step % 10 == 0:  # every few seconds: a lease of 30 seconds is renewed, and a stop is heard
            signal = post(path + "/renew", lease)["signal"]
        if signal != "none":
            break
    outcome = {"none": "finished", "stop": "stopped", "pause": "paused"}[signal]
    post(path + "/tell", {**lease, "outcome": outcome, "value": loss if math.isfinite(loss) else "NaN"})
`;

/** The lines that start a worker, and one that queues a training for it. */
export const workerLines = (origin: string): string => `export HOLDOUT_URL=${origin} HOLDOUT_TOKEN=hold_…
npx --no-install holdout work --data mnist --labels gpu --memory 24
npx --no-install holdout queue --family cnn --epochs 3 --optimizer.learningRate 0.001
`;
