import { CopyButton } from "@/app/_ui/parts/copy-button.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { Written } from "@/app/_ui/parts/written.tsx";
import { countThreads } from "@/lib/reviews/read-threads.ts";
import { findRuns } from "@/lib/runs/find.ts";
import { getRun, type RunDetail } from "@/lib/runs/runs.ts";
import { numberWords } from "@/lib/words/numbers.ts";
import { FactsTable } from "../facts-table.tsx";
import type { TabProps } from "../tab.ts";
import { Notes, RunPicker } from "../tab-parts.tsx";
import { TabSection } from "../tab-section.tsx";
import { ClientWords } from "./client-words.tsx";
import { ConfigTable } from "./config-table.tsx";

const sorted = <Value,>(facts: Record<string, Value>) => Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1));

export function ConfigTab(props: TabProps) {
  const { run, canEdit } = props;
  const environment = sorted(run.environment);
  return (
    <div className="grid lg:grid-cols-2">
      <div className="min-w-0 lg:border-r lg:border-line">
        <Notes id={run.id} notes={run.notes} canEdit={canEdit}>
          <Written text={run.notes} />
        </Notes>
        <ConfigSection {...props} />
      </div>
      <div className="min-w-0">
        <TabSection title="Split manifest">
          <CitedManifestFacts run={run} />
        </TabSection>
        <TabSection title="Environment">
          {environment.length > 0 ? (
            <FactsTable label="Environment" facts={environment} />
          ) : (
            <p className="text-sm text-muted">The trainer sent no environment.</p>
          )}
        </TabSection>
        <ClientWords run={run} member={props.member} />
        <TabSection title="Attempts">
          {run.attemptList.length > 0 ? (
            <FactsTable
              label="Attempts"
              mono={false}
              facts={run.attemptList.map(({ number, resumeStep, startedAt }) => [
                `Attempt ${number}`,
                <span key={number}>
                  started <Time at={startedAt} />
                  {resumeStep !== null && `, from step ${numberWords(resumeStep)}`}
                </span>,
              ])}
            />
          ) : (
            <p className="text-sm text-muted">No process has started it yet.</p>
          )}
        </TabSection>
      </div>
    </div>
  );
}

/** The config beside that of the run which the address names, or of the project's best where it names none. */
async function ConfigSection({ run, standing, differs, member }: TabProps) {
  const wanted = differs === "none" ? undefined : (differs ?? standing.best?.id);
  const [found, newest, counts] = await Promise.all([
    wanted === undefined ? null : getRun(member, wanted),
    findRuns(member, "", run.projectId),
    countThreads(member, run.projectId, { kind: "run", id: run.id }),
  ]);
  const other = found?.projectId === run.projectId && found.id !== run.id ? found : null;
  const named = ({ id, name }: { id: string; name: string }) => ({ id, name });
  return (
    <TabSection
      title="Config"
      actions={
        <>
          <RunPicker
            project={run.projectId}
            run={run.id}
            best={standing.best && named(standing.best)}
            chosen={other && named(other)}
            newest={newest.map(named)}
          />
          <CopyButton text={JSON.stringify(run.config, null, 2)} label="Copy as JSON" icon />
        </>
      }
    >
      {differs !== undefined && wanted !== undefined && !other && (
        <p role="status" className="pb-2 text-sm text-warning">
          The run that the address names to compare with is none of this project's others.
        </p>
      )}
      {Object.keys(run.config).length === 0 && (
        <p className="text-sm text-muted">It was created with an empty config.</p>
      )}
      <ConfigTable run={run} other={other} counts={counts} />
    </TabSection>
  );
}

function CitedManifestFacts({ run }: { run: RunDetail }) {
  const manifest = run.citedManifest;
  if (!manifest)
    return (
      <p className="text-sm text-muted">
        This run cites no manifest: nothing says which samples it was trained and validated on, so its numbers can't be
        compared with others'. Pass <code className="font-mono text-xs">manifest</code> when the run is created.
      </p>
    );
  const { train, validation, test } = manifest.counts;
  const digest = (
    <span className="inline-flex items-center gap-1">
      <span title={manifest.id}>{manifest.id.slice(0, 12)}</span>
      <CopyButton text={manifest.id} label="Copy the whole digest" icon />
    </span>
  );
  const samples = (count: number) => `${numberWords(count)} samples`;
  return (
    <FactsTable
      label="Split manifest"
      facts={[
        ["name", manifest.name],
        ["digest", digest],
        ["train", samples(train)],
        ["validation", samples(validation)],
        ["test", samples(test)],
      ]}
    />
  );
}
