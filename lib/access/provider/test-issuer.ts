/** An issuer of a test, on loopback: it says of people whatever the test wants said, also what no good issuer would say. */
import { createHash, createSign, generateKeyPairSync, type KeyObject, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

type Claims = Record<string, unknown>;
/** What it says of whoever came, and how it signs that. */
export type Saying = { claims: Claims; userInfo?: Claims; signedBy?: KeyObject; algorithm?: string };
type Asked = { nonce: string | null; challenge: string | null; redirect: string; saying: Saying };

export const CLIENT = { id: "holdout", secret: "a secret & of the test" };
const newKey = () => generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
/** A key that isn't among the issuer's. */
export const strangersKey = newKey();

export type TestIssuer = {
  url: string;
  /** Signs somebody in who followed `authorisation`, and returns the query with which it sends them back. */
  answer: (authorisation: string, saying: Saying) => URLSearchParams;
  stop: () => Promise<void>;
};

export async function startIssuer(): Promise<TestIssuer> {
  const key = newKey();
  const codes = new Map<string, Asked>();
  const server = createServer(async (request, response) => {
    const answer = (body: object, status = 200) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (request.url === "/.well-known/openid-configuration") return answer(metadataOf(url));
    if (request.url === "/jwks") return answer({ keys: [publicJwk(key)] });
    const token = /^Bearer (.*)$/.exec(request.headers.authorization ?? "")?.[1];
    if (request.url === "/userinfo") return answer(userInfoOf(codes.get(token ?? "")!.saying));
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const code = form.get("code") ?? "";
    const asked = codes.get(code);
    if (!asked || !isRight(asked, form, request.headers.authorization)) return answer({ error: "invalid_grant" }, 400);
    // a code is good once; its name lives on as the access token
    codes.set(`used ${code}`, asked);
    codes.delete(code);
    codes.set(`access ${code}`, asked);
    const { saying, nonce } = asked;
    const claims = { ...usualClaims(url), nonce, ...saying.claims };
    answer({ access_token: `access ${code}`, token_type: "Bearer", id_token: signed(claims, saying, key) });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    answer: (authorisation, saying) => {
      const { searchParams } = new URL(authorisation);
      const code = randomUUID();
      const [nonce, challenge] = [searchParams.get("nonce"), searchParams.get("code_challenge")];
      codes.set(code, { nonce, challenge, redirect: searchParams.get("redirect_uri")!, saying });
      return new URLSearchParams({ code, state: searchParams.get("state")!, iss: url });
    },
    stop: () => new Promise((done) => server.close(() => done())),
  };
}

const userInfoOf = ({ claims, userInfo }: Saying): Claims => userInfo ?? { sub: claims.sub };

const metadataOf = (url: string) => ({
  issuer: url,
  authorization_endpoint: `${url}/authorize`,
  token_endpoint: `${url}/token`,
  userinfo_endpoint: `${url}/userinfo`,
  jwks_uri: `${url}/jwks`,
  response_types_supported: ["code"],
  subject_types_supported: ["public"],
  id_token_signing_alg_values_supported: ["RS256"],
  authorization_response_iss_parameter_supported: true,
});

function usualClaims(issuer: string): Claims {
  const now = Math.floor(Date.now() / 1000);
  return { iss: issuer, aud: CLIENT.id, iat: now, exp: now + 300 };
}

/** The client's secret, by the header, and PKCE's verifier. */
function isRight({ challenge, redirect }: Asked, form: URLSearchParams, authorization = ""): boolean {
  const sent = Buffer.from(authorization.replace(/^Basic /, ""), "base64").toString();
  const [id, secret] = sent.split(":").map((part) => decodeURIComponent(part.replace(/\+/g, "%20")));
  const verifier = createHash("sha256").update(form.get("code_verifier") ?? "");
  return (
    id === CLIENT.id &&
    secret === CLIENT.secret &&
    form.get("redirect_uri") === redirect &&
    challenge === verifier.digest("base64url")
  );
}

const publicJwk = (key: KeyObject) => {
  const { kty, n, e } = key.export({ format: "jwk" });
  return { kty, n, e, alg: "RS256", use: "sig", kid: "one" };
};

function signed(claims: Claims, { signedBy, algorithm = "RS256" }: Saying, key: KeyObject): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const body = `${part({ alg: algorithm, kid: "one" })}.${part(claims)}`;
  if (algorithm === "none") return `${body}.`;
  return `${body}.${createSign("RSA-SHA256")
    .update(body)
    .sign(signedBy ?? key, "base64url")}`;
}
