/** What the page and its worker say to each other. */
import type { BrowserSettings } from "@/lib/runs/browser-settings.ts";

export const backendNames = ["webgpu", "webgl", "wasm", "cpu"] as const;
export type BackendName = (typeof backendNames)[number];

/** `reason`: why it was taken, or why not. */
export type BackendTried = { name: BackendName; taken: boolean; reason: string };

/** `secret`: of the token that logs to this run alone; the worker's memory is the only place where it stays. */
export type TrainOrder = { run: string; secret: string; expiresAt: string; settings: BrowserSettings };

/** `forced`: the one backend that may be taken; null: the first that does. */
export type ToWorker =
  | { kind: "prepare"; forced: BackendName | null }
  | { kind: "train"; order: TrainOrder }
  | { kind: "stop" };

export type Measured = { loss: number; accuracy: number };
/** `step`: of the last update; `train` is of its batch. */
export type Progress = { epoch: number; step: number; train: Measured; validation: Measured | null };
export type Ending = { outcome: "finished" | "stopped" | "failed"; why: string };

export type FromWorker =
  | { kind: "ready"; tried: BackendTried[] }
  /** No backend loads. */
  | { kind: "unable"; why: string }
  | { kind: "progress"; progress: Progress }
  /** Whether points reach the server: what is wrong, null where nothing is, and how many wait. */
  | { kind: "sending"; problem: string | null; pending: number }
  /** Nothing is computed any more; the last points may still wait. */
  | { kind: "trained"; ending: Ending }
  /** `delivered`: whether the server has taken the end. */
  | { kind: "ended"; delivered: boolean };
