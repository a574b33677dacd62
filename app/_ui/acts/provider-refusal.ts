/** Why the provider let somebody not in, in words. */
import { providerRefusals, type RefusalReason } from "@/lib/access/provider/refusal.ts";

const words: Record<RefusalReason, (name: string) => string> = {
  unset: () => "Sign-in by a provider isn’t set up here.",
  unreachable: (name) => `${name} can’t be reached right now. Try again, or sign in another way.`,
  state: (name) =>
    `This sign-in with ${name} was used, took more than ten minutes, or began elsewhere. Begin it again.`,
  denied: (name) => `${name} didn’t let you in, or you gave up there.`,
  failed: (name) => `${name} answered with an error. Try again; if it stays, tell whoever runs this server.`,
  expired: (name) => `What ${name} sent was used already, or came too late. Begin it again.`,
  invalid: (name) => `What ${name} sent can’t be trusted, so nobody was let in. Tell whoever runs this server.`,
  unverified: (name) => `${name} doesn’t say that your e-mail address is verified. Verify it there, then try again.`,
  unknown: (name) => `No member has the address that ${name} says is yours. Ask an admin for an invitation.`,
  unjoined: (name) =>
    `Your account here isn’t joined with ${name} yet. Sign in as you did before, then join it in your account’s settings.`,
  "other-account": (name) => `This account is joined with another account at ${name}. Use that one, or part it first.`,
  disabled: () => "This account is disabled. Ask an admin to enable it.",
  link: () => "This invitation has been used, has expired or was revoked. Ask for a new one.",
  "other-address": (name) =>
    `The address that ${name} verified isn’t the right one. Use the account there that has it.`,
  "member-already": (name) => `You are a member already: sign in, with ${name} or as you did before.`,
  "other-session": () => "You were signed out, or somebody else signed in, in between. Begin it again.",
  "too-many": () => "Too many tries. Wait a minute, then try again.",
};

/** The sentence for a reason that an address says; null for what is none. `name`: the provider's. */
export function providerRefusalWords(reason: unknown, name = "The provider"): string | null {
  const known = providerRefusals.find((one) => one === reason);
  return known ? words[known](name) : null;
}
