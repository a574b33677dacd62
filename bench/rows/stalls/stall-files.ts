/** Files, pictures and sign-ins that may hold others up. Each request is made before it is sent. */
import { parquetWriteBuffer } from "hyparquet-writer";
import sharp from "sharp";
import { v4 as uuidv4 } from "uuid";
import { seededRandom } from "../../../lib/statistics/resampling/random.ts";
import { addMember } from "../../browser.ts";
import type { Context } from "../../harness.ts";
import type { StallInput, StallRequest } from "./stall-inputs.ts";

const MB = 2 ** 20;
const SIGN_INS = 40;
const FILE_BYTES = 20 * MB;
const FEATURES = 12;
/** Of a picture of 24 megapixels, as a camera takes it. */
const [WIDTH, HEIGHT] = [6000, 4000];

/** Files of a run, written and read. In this order: what is read was written before. */
export async function fileInputs(run: string): Promise<StallInput[]> {
  const [file, picture] = [uuidv4(), uuidv4()].map((name) => `/api/v1/runs/${run}/artifacts/${name}`);
  const one = (name: string, request: StallRequest): StallInput => ({ name, requests: [request] });
  const write = (path: string, body: Uint8Array): StallRequest => ({ method: "PUT", path, body, answer: 200 });
  const read = (path: string): StallRequest => ({ method: "GET", path, answer: 200 });
  return [
    one("an artifact of 50 MB", write(file!, Buffer.alloc(50 * MB, 7))),
    one("that artifact read", read(file!)),
    one("a picture of 24 megapixels sent", write(picture!, await pictureFile())),
    one("that picture shown", read(`${picture}?picture=1`)),
  ];
}

/** Soft shapes with noise, as JPEG. */
async function pictureFile(): Promise<Buffer> {
  const random = seededRandom(1);
  const pixels = Buffer.from(Uint8Array.from({ length: (WIDTH / 8) * (HEIGHT / 8) * 3 }, () => random() * 256));
  const raw = { width: WIDTH / 8, height: HEIGHT / 8, channels: 3 } as const;
  return sharp(pixels, { raw }).resize(WIDTH, HEIGHT, { kernel: "cubic" }).jpeg({ quality: 90 }).toBuffer();
}

/** Tables of 20 MB for two datasets that are open. */
export function uploadInputs(forCsv: string, forParquet: string): StallInput[] {
  const upload = (name: string, dataset: string, format: string, body: Uint8Array): StallInput => {
    return {
      name,
      requests: [{ method: "POST", path: `/api/v1/datasets/${dataset}/upload?format=${format}`, body, answer: 200 }],
    };
  };
  const parquet = parquetTable();
  return [
    upload(`a CSV of ${megabytes(FILE_BYTES)} uploaded`, forCsv, "csv", csvTable()),
    upload(`a Parquet file of ${megabytes(parquet.length)} uploaded`, forParquet, "parquet", parquet),
  ];
}

const megabytes = (bytes: number): string => `${Math.round(bytes / MB)} MB`;

function csvTable(): Buffer {
  const random = seededRandom(2);
  const cells = () => Array.from({ length: FEATURES }, () => random().toFixed(5)).join();
  const lines = [`key,label,${Array.from({ length: FEATURES }, (_, at) => `f${at}`).join()}\n`];
  for (let bytes = 0; bytes < FILE_BYTES; bytes += lines.at(-1)!.length)
    lines.push(`row ${lines.length},class ${lines.length % 10},${cells()}\n`);
  return Buffer.from(lines.join(""));
}

/** Numbers that no codec makes smaller, eight bytes each. */
function parquetTable(): Uint8Array {
  const random = seededRandom(3);
  const number = () => random() + random() / 2 ** 32;
  const rows = Math.round(FILE_BYTES / (8 * FEATURES));
  const column = <Value>(value: (at: number) => Value) => Array.from({ length: rows }, (_, at) => value(at));
  const columnData = [
    { name: "key", data: column((at) => `row ${at}`) },
    { name: "label", data: column((at) => `class ${at % 10}`) },
    ...Array.from({ length: FEATURES }, (_, at) => ({ name: `f${at}`, data: column(number), type: "DOUBLE" as const })),
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

/** Forty members who sign in at once, as a browser without scripts sends the form. */
export async function signInInput({ app }: Context): Promise<StallInput> {
  const page = await (await fetch(`${app.url}/sign-in`)).text();
  const hidden = [...page.matchAll(/<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?/g)];
  const requests: StallRequest[] = [];
  for (let at = 0; at < SIGN_INS; at++) {
    const { email, password } = await addMember("member");
    const body = new FormData();
    for (const [, name = "", value = ""] of hidden)
      body.set(name, value.replaceAll("&quot;", '"').replaceAll("&amp;", "&"));
    body.set("email", email);
    body.set("password", password);
    // whoever is let in is sent on
    requests.push({ method: "POST", path: "/sign-in", body, headers: { origin: app.url }, answer: 303 });
  }
  return { name: `${SIGN_INS} sign-ins at once`, requests };
}
