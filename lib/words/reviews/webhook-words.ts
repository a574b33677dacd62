/** What Slack is sent: one line of its mrkdwn for each event. Pure. */
import type { WebhookEvent } from "../../wire/reviews/webhook-event.ts";
import { alertWords } from "./review-words.ts";
import { ruleEvents } from "./reviews-en.ts";

/** Slack reads these three as marks, wherever they stand. */
const escaped = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/** What would end a link's address, or begin its words. */
const inAddress = (url: string): string => url.replace(/[|<>]/g, encodeURIComponent);

/** The line, with a link to the page; a name can neither end the link nor make another. */
export function slackText(event: WebhookEvent): string {
  const words = escaped(whatOf(event).replaceAll("|", "¦"));
  return `${escaped(event.project.slug)}: <${inAddress(event.url)}|${words}>`;
}

function whatOf(event: WebhookEvent): string {
  switch (event.event) {
    case "champion.changed":
      return event.champion ? `claim ${event.champion.number} is the champion now` : "there is no champion now";
    case "review.asked":
      return `review ${event.review.number} was asked for`;
    case "review.approved":
      return `review ${event.review.number} is approved`;
    case "review.changes-requested":
      return `review ${event.review.number}: changes are asked for`;
    case "run.rule":
      return `${event.run.name} ${event.rule.metric ? alertWords(event.rule) : ruleEvents[event.rule.event]}`;
  }
}
