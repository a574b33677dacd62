/** How busy the machine is while a run goes on. */
import { execFile } from "node:child_process";
import { cpus } from "node:os";
import { promisify } from "node:util";

const EVERY_MS = 10_000;
const FIRST_MS = 1_000;

/**
 * Measures every ten seconds, until stopped: this process's CPU time as a share of all cores in per cent, its resident
 * memory in MiB, and each GPU's use in per cent and memory in MiB where `nvidia-smi` is there.
 */
export class SystemMetrics {
  #timer: NodeJS.Timeout;
  #usage = process.cpuUsage();
  #at = performance.now();
  #hasGpu = true;

  constructor(private onMeasured: (metrics: Record<string, number>) => void) {
    this.#timer = setTimeout(() => this.#measure(), FIRST_MS).unref();
  }

  async #measure(): Promise<void> {
    const { user, system } = process.cpuUsage(this.#usage);
    const took = performance.now() - this.#at;
    this.#usage = process.cpuUsage();
    this.#at = performance.now();
    const gpus = this.#hasGpu ? await readGpus() : [];
    this.#hasGpu &&= gpus.length > 0;
    this.onMeasured({
      "system/cpu_percent": (100 * (user + system)) / 1000 / took / cpus().length,
      "system/memory_mib": process.memoryUsage.rss() / 2 ** 20,
      ...Object.fromEntries(
        gpus.flatMap(({ percent, mib }, index) => [
          [`system/gpu${index}_percent`, percent],
          [`system/gpu${index}_memory_mib`, mib],
        ]),
      ),
    });
    this.#timer = setTimeout(() => this.#measure(), EVERY_MS).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.onMeasured = () => {};
  }
}

async function readGpus(): Promise<{ percent: number; mib: number }[]> {
  try {
    const query = ["--query-gpu=utilization.gpu,memory.used", "--format=csv,noheader,nounits"];
    const { stdout } = await promisify(execFile)("nvidia-smi", query, { timeout: 5_000 });
    const rows = stdout
      .trim()
      .split("\n")
      .map((line) => line.split(",").map(Number));
    return rows.flatMap(([percent, mib]) =>
      Number.isFinite(percent) && Number.isFinite(mib) ? [{ percent: percent!, mib: mib! }] : [],
    );
  } catch {
    return []; // no GPU, or none that tells
  }
}
