/** A real S3 server for tests and the demo, on loopback: the one that HOLDOUT_TEST_S3 names, or Debian's Swift, where that is installed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { v4 as uuidv4 } from "uuid";
import { freePort } from "../test-port.ts";
import { openBucket } from "./s3-client.ts";

const PYTHON = "/usr/bin/python3";
const given = process.env.HOLDOUT_TEST_S3;
/** Whether there is one. */
export const isS3Here = Boolean(given) || existsSync("/usr/lib/python3/dist-packages/swift/common/middleware/s3api");

/** Whether there is one; where there is none, one line says what would be tested with which. */
export function hasS3(what: string): boolean {
  if (isS3Here) return true;
  console.log(
    `Skipped: ${what}. No S3 server is here (Debian: apt-get install python3-swift; or set HOLDOUT_TEST_S3).`,
  );
  return false;
}

export type S3 = {
  endpoint: string;
  port: number;
  /** What tells the SDK the way, of this process or of another. */
  environment: Record<string, string>;
  /** Makes a bucket, and returns its `s3://` address. */
  newBucket: () => Promise<string>;
  stop: () => Promise<void>;
};

/** Starts it, and leads this process's SDK there. */
export async function startS3(): Promise<S3> {
  const folder = await mkdtemp(path.join(tmpdir(), "holdout-s3-"));
  const url = new URL(given ?? `http://test%3Atester:testing@127.0.0.1:${await freePort()}`);
  const child = given ? null : await startSwift(folder, url.port);
  const environment = {
    AWS_ENDPOINT_URL_S3: url.origin,
    AWS_ACCESS_KEY_ID: decodeURIComponent(url.username),
    AWS_SECRET_ACCESS_KEY: decodeURIComponent(url.password),
    AWS_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  Object.assign(process.env, environment);
  return {
    endpoint: url.origin,
    port: Number(url.port),
    environment,
    newBucket: async () => {
      const { client, sdk } = await openBucket();
      const Bucket = `holdout-test-${uuidv4().slice(0, 13)}`;
      await client.send(new sdk.CreateBucketCommand({ Bucket }));
      client.destroy();
      return `s3://${Bucket}`;
    },
    stop: async () => {
      for (const name of Object.keys(environment)) delete process.env[name];
      if (child) await stopSwift(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startSwift(folder: string, port: string): Promise<ChildProcess> {
  const program = path.join(import.meta.dirname, "test_swift.py");
  const child = spawn(PYTHON, [program, path.join(folder, "swift"), port], {
    stdio: ["pipe", "pipe", "pipe"],
    // it ends with its standard input, and not by a terminal's Ctrl-C
    detached: true,
  });
  let said = "";
  child.stderr!.on("data", (chunk: Buffer) => {
    said += chunk;
  });
  const [first] = await Promise.race([once(child.stdout!, "data"), once(child, "exit")]);
  if (String(first).trim() !== "ready") throw new Error(`Swift did not start (${String(first)}):\n${said}`);
  return child;
}

async function stopSwift(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  child.stdin!.end();
  await gone;
}

export type Line = {
  /** Where the other end is reached by this line. */
  url: string;
  /** Refuses calls, and ends those that run. */
  cut: () => Promise<void>;
  /** Takes calls and lets nothing through any more, in either direction. */
  halt: () => void;
  /** Ends each call after so many bytes came back by it. */
  breakAfter: (bytes: number) => void;
  /** As at the beginning; the calls that run are ended. */
  mend: () => Promise<void>;
};

/** A line to a port of this machine that can be cut, halted and broken. */
export async function openLine(to: number): Promise<Line> {
  const ends = new Set<Socket>();
  const state = { isHalted: false, bytes: Number.POSITIVE_INFINITY };
  const server = createServer((near) => {
    const far = connect(to, "127.0.0.1");
    let came = 0;
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(end);
      end.on("error", () => {});
      end.on("close", () => {
        ends.delete(end);
        other.destroy();
      });
      end.on("data", (chunk: Buffer) => {
        if (state.isHalted) return end.pause();
        if (end === far) came += chunk.length;
        other.write(chunk);
        if (came > state.bytes) other.end(() => other.destroy());
      });
    }
  });
  const listen = async (port: number) => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    cut: async () => {
      const closed = once(server, "close");
      server.close();
      for (const end of ends) end.destroy();
      await closed;
    },
    halt: () => {
      state.isHalted = true;
    },
    breakAfter: (bytes) => {
      state.bytes = bytes;
    },
    mend: async () => {
      Object.assign(state, { isHalted: false, bytes: Number.POSITIVE_INFINITY });
      for (const end of ends) end.destroy();
      if (!server.listening) await listen(port);
    },
  };
}
