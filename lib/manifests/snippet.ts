/** How a manifest is read in Python, for its page. The token is read from HOLDOUT_TOKEN. */

/** Five lines for people with pandas and scikit-learn. `origin`: the server's address, without a slash at its end. */
export const pandasSnippet = (origin: string, manifest: string): string => `import io, os, pandas as pd, requests
url = "${origin}/api/v1/manifests/${manifest}/export?format=parquet"
got = requests.get(url, headers={"Authorization": "Bearer " + os.environ["HOLDOUT_TOKEN"]}).content
samples = pd.read_parquet(io.BytesIO(got))
train, test = (samples[samples.split == split] for split in ("train", "test"))
`;

/** Five lines for people with PyTorch, whose dataset knows its samples by the same keys. */
export const torchSnippet = (origin: string, manifest: string): string => `import json, os, requests, torch
url = "${origin}/api/v1/manifests/${manifest}/export?format=jsonl"
got = requests.get(url, headers={"Authorization": "Bearer " + os.environ["HOLDOUT_TOKEN"]})
split_of = {sample["key"]: sample["split"] for sample in map(json.loads, got.iter_lines())}
train = torch.utils.data.Subset(dataset, [i for i, key in enumerate(dataset.keys) if split_of.get(key) == "train"])
`;
