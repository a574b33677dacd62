/** Programs that download a champion's weights and read them: a file of safetensors says its tensors at its head. Pure. */

export const loadInTypescript = (url: string): string => `\
const answer = await fetch(${JSON.stringify(url)}, {
  headers: { authorization: \`Bearer \${process.env.HOLDOUT_TOKEN}\` },
});
if (!answer.ok) throw new Error(await answer.text());
const file = await answer.arrayBuffer();
// safetensors: the head's length, the head as JSON, then the tensors one after the other
const length = Number(new DataView(file).getBigUint64(0, true));
const head = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 8, length)));
for (const [name, { dtype, shape, data_offsets: [from, to] }] of Object.entries<any>(head)) {
  if (name === "__metadata__") continue;
  const bytes = file.slice(8 + length + from, 8 + length + to);
  if (dtype === "F32") console.log(name, shape, new Float32Array(bytes).subarray(0, 3));
}
`;

export const loadInPython = (url: string): string => `\
import os, urllib.request
from safetensors.numpy import load  # pip install safetensors numpy

request = urllib.request.Request(
    ${JSON.stringify(url)},
    headers={"authorization": "Bearer " + os.environ["HOLDOUT_TOKEN"]},
)
with urllib.request.urlopen(request) as answer:
    weights = load(answer.read())
for name, tensor in weights.items():
    print(name, tensor.shape, tensor.dtype)
`;
