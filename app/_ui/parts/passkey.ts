/** What a browser does with passkeys: it makes one, or shows one that it has. */

/** Why nothing came of it, in words; null: the person put the browser's question away. */
export type PasskeyTry = { response: object } | { error: string | null };

const none = "This browser offers no passkeys here.";

/** Has the browser make a passkey as `options` of the server ask. */
export const makePasskey = (options: object): Promise<PasskeyTry> =>
  tried(() =>
    navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options as PublicKeyCredentialCreationOptionsJSON),
    }),
  );

/** Has the browser show a passkey of this site that the person chooses. */
export const showPasskey = (options: object): Promise<PasskeyTry> => tried(() => show(options));

/** Has the browser offer passkeys among what it fills in, until the person takes one or `signal` ends it. */
export const offerPasskeys = (options: object, signal: AbortSignal): Promise<PasskeyTry> =>
  tried(() => show(options, { mediation: "conditional", signal }));

const show = (options: object, more: CredentialRequestOptions = {}) =>
  navigator.credentials.get({
    publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON),
    ...more,
  });

/** Whether this browser offers passkeys among what it fills in. */
export const fillsInPasskeys = async (): Promise<boolean> =>
  typeof PublicKeyCredential !== "undefined" &&
  (await PublicKeyCredential.isConditionalMediationAvailable?.()) === true;

async function tried(ask: () => Promise<Credential | null>): Promise<PasskeyTry> {
  if (typeof PublicKeyCredential === "undefined" || !("parseCreationOptionsFromJSON" in PublicKeyCredential))
    return { error: none };
  try {
    const credential = (await ask()) as PublicKeyCredential | null;
    return credential ? { response: credential.toJSON() as object } : { error: none };
  } catch (error) {
    const { name, message } = error as Error;
    // also where the time ran out
    if (name === "NotAllowedError" || name === "AbortError") return { error: null };
    if (name === "InvalidStateError") return { error: "This device has a passkey for your account already." };
    return { error: message };
  }
}
