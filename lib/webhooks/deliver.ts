/**
 * The job that sends one delivery: to a listed host, resolved once and connected to the address that was checked, without
 * following redirects. The body is signed with the webhook's secret.
 */
import { createHmac } from "node:crypto";
import { lookup } from "node:dns/promises";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import { type JobProgram, TryLater } from "../jobs/jobs.ts";
import { isInside } from "./addresses.ts";
import { findHost } from "./hosts.ts";
import { findWaiting, noteAttempt } from "./webhooks.ts";

const ATTEMPTS_MAX = 8;
const FIRST_PAUSE_MS = 10_000;
/** 10 s, 30 s, 90 s … about two hours before the last. */
const PAUSE_FACTOR = 3;
const ANSWER_MS = 10_000;

/** May be repeated: a delivery that a worker died with is sent again, and says so by its id. */
export const deliverWebhook: JobProgram = async ({ subject: id }) => {
  const found = await findWaiting(id);
  if (!found) return;
  const { delivery, webhook } = found;
  const attempts = delivery.attempts + 1;
  if (webhook.removedAt)
    return noteAttempt(id, {
      status: "failed",
      attempts: delivery.attempts,
      answered: null,
      error: "its webhook was removed",
    });
  const { answered, error } = await send(webhook.url, { id, body: delivery.body, secret: webhook.secret }).then(
    (status) => ({ answered: status, error: isFine(status) ? null : `answered with ${status}` }),
    (reason: unknown) => ({ answered: null, error: reason instanceof Error ? reason.message : String(reason) }),
  );
  const isOver = error === null || attempts >= ATTEMPTS_MAX;
  const status = error === null ? "delivered" : isOver ? "failed" : "waiting";
  await noteAttempt(id, { status, attempts, answered, error });
  if (!isOver) throw new TryLater(FIRST_PAUSE_MS * PAUSE_FACTOR ** (attempts - 1));
};

const isFine = (status: number): boolean => status >= 200 && status < 300;

/** The signature of a body sent at `timestamp` (seconds since 1970): HMAC-SHA256 over `timestamp.body`, hexadecimal. */
export const signatureOf = (secret: string, timestamp: string, body: string): string =>
  createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");

/** Answers the HTTP status. Throws where the host isn't allowed, can't be reached, or doesn't answer in time. */
async function send(url: string, { id, body, secret }: { id: string; body: string; secret: string }): Promise<number> {
  const target = new URL(url);
  const address = await resolveChecked(target);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const request = target.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const asked = request(target, {
      method: "POST",
      agent: false,
      signal: AbortSignal.timeout(ANSWER_MS),
      // no second look-up: a name could answer with another address the second time
      lookup: (_host, options, done) =>
        options.all ? done(null, [address]) : done(null, address.address, address.family),
      headers: {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
        "user-agent": "holdout-webhook",
        "x-holdout-delivery": id,
        "x-holdout-timestamp": timestamp,
        "x-holdout-signature": `sha256=${signatureOf(secret, timestamp, body)}`,
      },
    });
    asked.on("response", (answer) => {
      resolve(answer.statusCode ?? 0);
      // what it answers beyond the status is nobody's concern, however long it is
      answer.destroy();
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

type Address = { address: string; family: number };

async function resolveChecked({ hostname }: URL): Promise<Address> {
  const host = await findHost(hostname);
  if (!host) throw new Error(`${hostname} isn't among the hosts that an admin allows`);
  const bare = hostname.replace(/^\[|\]$/g, "");
  const family = isIP(bare);
  const found = family > 0 ? [{ address: bare, family }] : await lookup(bare, { all: true });
  const within = found.find(({ address }) => isInside(address));
  if (within && !host.allowsPrivate)
    throw new Error(`${hostname} is at ${within.address}, which is no public address; an admin can allow that`);
  const [first] = found;
  if (!first) throw new Error(`${hostname} has no address`);
  return first;
}
