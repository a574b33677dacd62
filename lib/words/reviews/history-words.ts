/** A history as Markdown, to be read from top to bottom. Pure. */
import type { History, HistoryChange, HistoryDecision, HistoryStudy } from "../../wire/reviews/history.ts";
import { countWords } from "../numbers.ts";
import * as sentences from "./reviews-en.ts";

/** `optimizer.learningRate 0.1 → 0.01`. */
export const changeWords = ({ what, from, to }: HistoryChange): string =>
  `${what} ${from ?? sentences.notSet} → ${to ?? sentences.notSet}`;

export const decisionWords = (decision: NonNullable<HistoryStudy["decision"]>): string =>
  sentences.studyDecisions[decision];

/** Names and texts of people stand as they were written, but begin no heading or list of the document. */
const line = (text: string): string => text.replace(/\s+/g, " ").replace(/([\\`*_[\]<>#|])/g, "\\$1");
const quoted = (text: string): string =>
  text
    .trim()
    .split("\n")
    .map((one) => `> ${one}`)
    .join("\n");

export function historyMarkdown(name: string, { studies, decisions }: History): string {
  const parts = [`# ${line(name)}: ${sentences.history}`];
  for (const study of studies) parts.push(studyText(study));
  if (decisions.length > 0) parts.push(`## ${sentences.besideStudies}`, ...decisions.map(decidedText));
  if (parts.length === 1) parts.push(sentences.noHistory);
  return `${parts.join("\n\n")}\n`;
}

function studyText(study: HistoryStudy): string {
  const { number, title, parent, depth, question, hypothesis, isHypothesis, conclusion } = study;
  const level = "#".repeat(Math.min(depth + 2, 6));
  const parts = [`${level} ${sentences.study(number)}: ${line(title)}`];
  const facts = [study.status, countWords(study.trials, "trial"), day(study.concludedAt ?? study.at)];
  parts.push(`${parent === null ? "" : `${sentences.follows(parent)} `}*${facts.join(", ")}*`);
  if (question.trim()) parts.push(quoted(question));
  if (hypothesis.trim())
    parts.push(`**${isHypothesis ? sentences.hypothesis : sentences.laterNote}**`, quoted(hypothesis));
  if (study.changes.length > 0)
    parts.push(study.changes.map((one) => `- \`${changeWords(one).replaceAll("`", "'")}\``).join("\n"));
  if (study.decision)
    parts.push(`**${decisionWords(study.decision)}**${study.chosen ? `: ${line(study.chosen.name)}` : ""}`);
  if (conclusion.trim()) parts.push(quoted(conclusion));
  if (study.approval) parts.push(approvalText(study.approval));
  return parts.join("\n\n");
}

function decidedText(decision: HistoryDecision): string {
  const { kind, number, title, reason, by, run, approval, at } = decision;
  const head = kind === "claim" ? sentences.claimed(number) : sentences.reviewed(number);
  const parts = [`### ${head}: ${line(title)}`, `*${line(by)}, ${day(at)}*`];
  if (run && kind === "review") parts.push(`${sentences.chosen}: ${line(run.name)}`);
  if (reason.trim()) parts.push(quoted(reason));
  if (approval) parts.push(approvalText(approval));
  return parts.join("\n\n");
}

function approvalText({ review, by, words, at }: NonNullable<HistoryStudy["approval"]>): string {
  const head = sentences.approvedBy(by.map(line), review, day(at));
  return [head, ...words.map(quoted)].join("\n\n");
}

/** The day in UTC. */
const day = (at: string): string => at.slice(0, 10);
