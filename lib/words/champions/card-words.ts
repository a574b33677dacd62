/** A champion's card as Markdown. Pure. */
import type { ChampionCard } from "../../wire/champion-card.ts";
import { countWords, numberWords } from "../numbers.ts";
import { metricTitle } from "../report-words.ts";
import {
  candidatesWords,
  claimStandingWords,
  metricWords,
  replacementWords,
  ruleWords,
  signOffWords,
  writtenWords,
} from "./champion-words.ts";
import * as sentences from "./sentences.ts";

const { cardTitles, cardLimits, leakageAnswers, leakageTitles } = sentences;

/** What a person wrote, as text in a line of Markdown. */
const text = (given: string): string =>
  given
    .replaceAll(/[\\`*_{}[\]<>#|~]/g, "\\$&")
    .replaceAll(/\s+/g, " ")
    .trim();
const code = (given: string): string => `\`${given.replaceAll("`", "'")}\``;
const list = (items: string[]): string => items.map((item) => `- ${item}`).join("\n");
const fenced = (language: string, content: string): string => `\`\`\`\`${language}\n${content.trimEnd()}\n\`\`\`\``;
const section = (title: string, ...parts: string[]): string => [`## ${title}`, ...parts.filter(Boolean)].join("\n\n");

export function cardMarkdown(card: ChampionCard): string {
  const { run, weights, manifest, looks, leakage, limits, lineage, load } = card;
  const parts = [
    `# ${text(run.name)}`,
    `Champion of ${text(card.project.name)} on ${text(manifest.name)}. [Its run](${run.url}).`,
    text(run.notes),
    section(cardTitles.claim, list(claimLines(card))),
    section(cardTitles.metrics, ...metricTables(card)),
    section(
      cardTitles.looks,
      `${countWords(looks.count, "look")} of ${numberWords(looks.budget)} so far, mode ${looks.mode}.`,
    ),
    section(
      cardTitles.leakage,
      list(leakage.map(({ kind, answer }) => `${leakageTitles[kind]}: ${leakageAnswers[answer]}`)),
    ),
    section(cardTitles.limits, list(limits.map((limit) => cardLimits[limit]))),
    section(cardTitles.manifest, list(manifestLines(card))),
    section(cardTitles.config, fenced("json", JSON.stringify({ seed: run.seed, ...run.config }, null, 2))),
    section(
      cardTitles.lineage,
      lineage.length === 0
        ? "Its weights began at random."
        : list(lineage.map(({ id, name }) => `${text(name ?? "a purged run")} (${code(id)})`)),
      list([...(run.commit ? [`commit ${code(run.commit)}`] : []), `environment ${text(environmentOf(card))}`]),
    ),
    section(
      cardTitles.load,
      `${code(weights.path)} of step ${numberWords(weights.step)}, SHA-256 ${code(weights.sha256)}.`,
      fenced("ts", load.typescript),
      fenced("python", load.python),
    ),
  ];
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}

function claimLines({ claim, comparison }: ChampionCard): string[] {
  const by = claim.signOffs
    .filter(({ approves }) => approves === (claim.state !== "refused"))
    .map((one) => text(one.by));
  const replaced = replacementWords(claim, comparison);
  return [
    `Claimed by ${text(claim.claimedBy)} on ${claim.claimedAt.slice(0, 10)}, ${signOffWords(claim.state, by)}: ${text(claim.reason)}`,
    `Rule: ${ruleWords(claim.rule)}.`,
    writtenWords(claim.written),
    candidatesWords(claim),
    replaced ?? `Standing: ${claimStandingWords(claim.standing)}.`,
  ];
}

function metricTables({ claim }: ChampionCard): string[] {
  return claim.evidence.map(({ split, samples, metrics, reportDigest }) => {
    const head = `On ${split}, ${countWords(samples, "sample")}, report ${code(reportDigest.slice(0, 12))}:`;
    if (metrics === null) return `${head} not for this reader to see.`;
    const rows = metrics.map((one) => `| ${metricTitle(one.metric, one.topK?.k)} | ${text(metricWords(one))} |`);
    return [head, "", "| metric | value (95 % interval) |", "| --- | --- |", ...rows].join("\n");
  });
}

function manifestLines({ manifest }: ChampionCard): string[] {
  const { dataset, counts, method, id, testDigest, override } = manifest;
  return [
    `${text(dataset.name)} ${text(dataset.version)}, ${method}: ${numberWords(counts.train)} train, ${numberWords(counts.validation)} validation, ${numberWords(counts.test)} test`,
    `digest ${code(id)}`,
    `test digest ${code(testDigest)}`,
    ...(override === null ? [] : [`blocked, and overridden: ${text(override)}`]),
  ];
}

const environmentOf = ({ run }: ChampionCard): string =>
  Object.entries(run.environment)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ") || "not recorded";
