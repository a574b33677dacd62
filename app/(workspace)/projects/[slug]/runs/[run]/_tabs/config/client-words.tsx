/** What a client of another tracker's protocol said of a run, where one did: what it is part of, its data, models, their registered versions and tags. */
import Link from "next/link";
import { Time } from "@/app/_ui/parts/time.tsx";
import { runHref } from "@/app/paths.ts";
import type { RunInput } from "@/lib/interop/read-runs.ts";
import { readClientWords } from "@/lib/interop/read-runs.ts";
import { parentOf } from "@/lib/mlflow/parent.ts";
import { getRun } from "@/lib/runs/runs.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { registeredWords } from "@/lib/words/registered.ts";
import { FactsTable } from "../facts-table.tsx";
import type { TabProps } from "../tab.ts";
import { TabSection } from "../tab-section.tsx";

/** A longer tag stands in part: clients put whole documents into some. */
const SHOWN_MAX = 300;

export async function ClientWords({ run, member }: Pick<TabProps, "run" | "member">) {
  const { properties, inputs, models, versions } = await readClientWords(member, run.id);
  const parentId = parentOf(properties);
  const parent = parentId === null ? null : await getRun(member, parentId);
  return (
    <>
      {parent && (
        <TabSection title="Part of">
          <Link
            href={runHref(parent.slug, parent.id)}
            prefetch={false}
            className="text-sm wrap-anywhere text-accent hover:underline"
          >
            {parent.name}
          </Link>
        </TabSection>
      )}
      {inputs.length > 0 && (
        <TabSection title="Data">
          <FactsTable label="Data" facts={inputs.map((input) => [`${input.name} ${input.digest}`, dataWords(input)])} />
          <p className="pt-2 text-sm text-muted">
            By the client's word: no check has looked at them. A split manifest says which samples a run may read.
          </p>
        </TabSection>
      )}
      {models.length > 0 && (
        <TabSection title="Models">
          <FactsTable
            label="Models"
            mono={false}
            facts={models.map(({ id, name, status, modelType, createdAt }) => [
              name,
              <span key={id}>
                {status}
                {modelType && `, ${modelType}`}, <Time at={createdAt.toISOString()} />
              </span>,
            ])}
          />
        </TabSection>
      )}
      {versions.length > 0 && (
        <TabSection title="Registered models">
          <FactsTable
            label="Registered models"
            mono={false}
            facts={versions.map((version) => [
              `${version.name} version ${version.version}`,
              <span key={version.modelId}>
                <Time at={version.createdAt.toISOString()} />
                {registeredWords(version)}
              </span>,
            ])}
          />
          <p className="pt-2 text-sm text-muted">By the client's word: an alias such as champion is no claim.</p>
        </TabSection>
      )}
      {properties.length > 0 && (
        <TabSection title="Tags of its client">
          <FactsTable
            label="Tags of its client"
            facts={properties.map(({ key, value }) => [key, <Clipped key={key} text={value} />])}
          />
        </TabSection>
      )}
    </>
  );
}

const dataWords = ({ sourceType, source, tags }: RunInput): string =>
  [...tags.map(({ key, value }) => `${key.split(".").at(-1)}: ${value}`), `${sourceType}: ${source}`]
    .map((words) => (words.length > SHOWN_MAX ? `${words.slice(0, SHOWN_MAX)}…` : words))
    .join(", ");

function Clipped({ text }: { text: string }) {
  if (text.length <= SHOWN_MAX) return <span className="whitespace-pre-wrap">{text}</span>;
  return (
    <details>
      <summary className="cursor-pointer">
        {text.slice(0, SHOWN_MAX)}… ({countWords(text.length, "character")})
      </summary>
      <span className="whitespace-pre-wrap">{text}</span>
    </details>
  );
}
