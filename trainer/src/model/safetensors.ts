/** The safetensors format (huggingface/safetensors): a length, a JSON header, and the tensors' bytes, little-endian. */

export type StoredTensor = { shape: number[]; values: Float32Array | Int32Array };
export type Safetensors = {
  tensors: Map<string, StoredTensor> /** Text by text, as the format has it. */;
  metadata: Record<string, string>;
};

const HEADER_BYTES_MAX = 100_000_000;

export function encodeSafetensors({ tensors, metadata }: Safetensors): Buffer {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { shape, values }] of tensors) {
    const dtype = values instanceof Int32Array ? "I32" : "F32";
    header[name] = { dtype, shape, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, " ")]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const bytes = [...tensors.values()].map(({ values }) =>
    Buffer.from(values.buffer, values.byteOffset, values.byteLength),
  );
  return Buffer.concat([length, padded, ...bytes]);
}

/** Throws an error that says what is wrong with the file. */
export function decodeSafetensors(file: Buffer): Safetensors {
  const length = file.length >= 8 ? Number(file.readBigUInt64LE()) : -1;
  if (length < 2 || length > HEADER_BYTES_MAX || 8 + length > file.length)
    throw new Error(`no safetensors file: ${file.length} bytes, with a header said to have ${length}`);
  const { __metadata__: metadata = {}, ...entries } = JSON.parse(file.toString("utf8", 8, 8 + length)) as {
    __metadata__?: Record<string, string>;
  } & Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>;
  const data = new Uint8Array(file.subarray(8 + length));
  const tensors = new Map<string, StoredTensor>();
  for (const [name, { dtype, shape, data_offsets: range }] of Object.entries(entries)) {
    const count = shape.reduce((product, size) => product * size, 1);
    if (range[1] - range[0] !== count * 4 || range[1] > data.length)
      throw new Error(`${name} has shape [${shape.join(", ")}], and bytes ${range.join(" to ")} of ${data.length}`);
    if (dtype !== "F32" && dtype !== "I32") throw new Error(`${name} is of type ${dtype}; F32 or I32 is right`);
    const bytes = data.slice(...range).buffer;
    tensors.set(name, { shape, values: dtype === "I32" ? new Int32Array(bytes) : new Float32Array(bytes) });
  }
  return { tensors, metadata: metadata as Record<string, string> };
}
