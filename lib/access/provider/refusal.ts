/** Why somebody isn't let in by the provider. The page makes the sentence. */
export const providerRefusals = [
  /** The settings are gone or wrong. */
  "unset",
  "unreachable",
  /** The state is unknown, used, too old, or another browser's. */
  "state",
  "denied",
  /** The provider's own error. */
  "failed",
  /** The code was used or is too old. */
  "expired",
  /** What the provider sent doesn't hold: signature, nonce, issuer, audience or times. */
  "invalid",
  "unverified",
  "unknown",
  /** A member has the address, and has to join the provider while signed in. */
  "unjoined",
  /** The member is joined with another of the provider's accounts, or it with another member. */
  "other-account",
  "disabled",
  /** The invitation is spent, expired, or was revoked. */
  "link",
  /** The invitation, or the account, is for another address. */
  "other-address",
  "member-already",
  "other-session",
  "too-many",
] as const;
export type RefusalReason = (typeof providerRefusals)[number];

export class ProviderRefusal extends Error {
  constructor(
    readonly reason: RefusalReason,
    options?: ErrorOptions,
  ) {
    super(`the provider's sign-in was refused: ${reason}`, options);
    this.name = "ProviderRefusal";
  }
}
