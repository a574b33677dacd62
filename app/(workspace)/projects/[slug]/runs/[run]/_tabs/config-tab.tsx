import Markdown from "react-markdown";
import { CopyButton } from "@/app/_ui/parts/copy-button.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { flattenConfig } from "@/lib/runs/flatten.ts";
import type { RunDetail } from "@/lib/runs/runs.ts";
import { numberWords } from "@/lib/words/numbers.ts";
import { FactsTable } from "./facts-table.tsx";
import { Notes } from "./notes.tsx";
import type { TabProps } from "./tab.ts";
import { TabSection } from "./tab-section.tsx";

const sorted = <Value,>(facts: Record<string, Value>) => Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1));

export function ConfigTab({ run, canEdit }: TabProps) {
  const config = sorted(flattenConfig(run.config));
  const environment = sorted(run.environment);
  return (
    <div className="grid lg:grid-cols-2">
      <div className="min-w-0 lg:border-r lg:border-line">
        <Notes id={run.id} notes={run.notes} canEdit={canEdit}>
          {/* HTML stays text; an image would tell its host who reads this, and when: the content security policy shows none */}
          <Markdown disallowedElements={["img"]} unwrapDisallowed>
            {run.notes}
          </Markdown>
        </Notes>
        <TabSection
          title="Config"
          actions={config.length > 0 && <CopyButton text={JSON.stringify(run.config, null, 2)} label="Copy as JSON" />}
        >
          {config.length > 0 ? (
            <FactsTable label="Config" facts={config.map(([key, value]) => [key, String(value)])} />
          ) : (
            <p className="text-sm text-muted">It was created with an empty config.</p>
          )}
        </TabSection>
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
