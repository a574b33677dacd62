import { Download, Files } from "lucide-react";
import { CopyButton } from "@/app/_ui/parts/copy-button.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { artifactApi, checkpointAnchor } from "@/app/paths.ts";
import { listArtifacts } from "@/lib/artifacts/artifacts.ts";
import { listCheckpoints } from "@/lib/artifacts/checkpoints.ts";
import type { Artifact } from "@/lib/wire/artifacts.ts";
import { fromWireFloat } from "@/lib/wire/base/words.ts";
import type { Checkpoint, Measured } from "@/lib/wire/checkpoints.ts";
import { bytesWords, numberWords, valueWords } from "@/lib/words/numbers.ts";
import type { TabProps } from "./tab.ts";
import { TabSection } from "./tab-section.tsx";

/** What the trainer stored with a run: checkpoints with what was measured at each, and other files. */
export async function FilesTab({ run, member }: TabProps) {
  const artifacts = await listArtifacts(member, run.id);
  if (artifacts.length === 0)
    return (
      <Empty icon={Files} title="No files">
        <p>
          Checkpoints and other files that the trainer stores with <code>run.artifact(path, content)</code> are listed
          here, each with its SHA-256.
        </p>
      </Empty>
    );
  const checkpoints = await listCheckpoints(member, run.id);
  const weights = new Set(checkpoints.map(({ path }) => path));
  const others = artifacts.filter(({ path }) => !weights.has(path));
  return (
    <>
      {checkpoints.length > 0 && (
        <TabSection title="Checkpoints">
          <CheckpointTable runId={run.id} checkpoints={checkpoints} />
        </TabSection>
      )}
      {others.length > 0 && (
        <TabSection title="Artifacts">
          <ArtifactTable runId={run.id} artifacts={others} />
        </TabSection>
      )}
    </>
  );
}

function FileLink({ runId, path }: { runId: string; path: string }) {
  return (
    <a
      href={artifactApi(runId, path)}
      download
      className="inline-flex items-center gap-2 align-middle hover:text-accent"
    >
      <Download aria-hidden className="size-3.5 text-muted" />
      {path}
    </a>
  );
}

function FileDigest({ sha256 }: { sha256: string }) {
  return (
    <span className="inline-flex items-center gap-1 align-middle font-mono text-xs text-muted">
      <span title={sha256}>{sha256.slice(0, 12)}</span>
      <CopyButton text={sha256} label="Copy the SHA-256" icon />
    </span>
  );
}

const measuredWords = (value: Measured): string =>
  typeof value === "object" ? `undefined (${value.undefined})` : valueWords(fromWireFloat(value));

function CheckpointTable({ runId, checkpoints }: { runId: string; checkpoints: Checkpoint[] }) {
  return (
    <div className="overflow-x-auto">
      <table className="table flush">
        <thead>
          <tr>
            <th>File</th>
            <th className="number">Step</th>
            <th className="number">Epoch</th>
            <th>Values</th>
            <th className="number">Size</th>
            <th>SHA-256</th>
            <th className="number">Stored</th>
          </tr>
        </thead>
        <tbody>
          {checkpoints.map(({ id, path, step, epoch, values, sizeBytes, sha256, createdAt }) => (
            <tr key={id} id={checkpointAnchor(path)} className="scroll-mt-24 target:bg-accent-soft">
              <td>
                <FileLink runId={runId} path={path} />
              </td>
              <td className="number">{numberWords(step)}</td>
              <td className="number">{epoch}</td>
              <td className="text-muted" title={JSON.stringify(values)}>
                {Object.entries(values)
                  .map(([name, value]) => `${name} ${measuredWords(value)}`)
                  .join(", ")}
              </td>
              <StoredCells sizeBytes={sizeBytes} sha256={sha256} createdAt={createdAt} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ArtifactTable({ runId, artifacts }: { runId: string; artifacts: Artifact[] }) {
  return (
    <div className="overflow-x-auto">
      <table className="table flush">
        <thead>
          <tr>
            <th>File</th>
            <th>Type</th>
            <th className="number">Size</th>
            <th>SHA-256</th>
            <th className="number">Stored</th>
          </tr>
        </thead>
        <tbody>
          {artifacts.map(({ path, contentType, sizeBytes, sha256, createdAt }) => (
            <tr key={path}>
              <td>
                <FileLink runId={runId} path={path} />
              </td>
              <td className="text-muted">{contentType}</td>
              <StoredCells sizeBytes={sizeBytes} sha256={sha256} createdAt={createdAt} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The last cells of a stored file's row: how large it is, its content's hash, and when it came. */
function StoredCells({ sizeBytes, sha256, createdAt }: Pick<Artifact, "sizeBytes" | "sha256" | "createdAt">) {
  return (
    <>
      <td className="number" title={`${sizeBytes} bytes`}>
        {bytesWords(sizeBytes)}
      </td>
      <td>
        <FileDigest sha256={sha256} />
      </td>
      <td className="number text-muted">
        <Time at={createdAt} />
      </td>
    </>
  );
}
