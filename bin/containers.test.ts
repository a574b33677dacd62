/** The image, compose.yaml and the manifests say what this version is: checked without Docker or a cluster. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { root } from "../db/root.ts";
import { sources } from "./serve/build.ts";
import { readSettings } from "./serve/settings.ts";

const read = (file: string): string => readFileSync(path.join(root, file), "utf8");

type Container = {
  name: string;
  image: string;
  env?: { name: string; value: string }[];
  envFrom: { configMapRef?: { name: string }; secretRef?: { name: string } }[];
  ports?: { name: string; containerPort: number }[];
  startupProbe?: Probe;
  readinessProbe?: Probe;
  livenessProbe?: Probe;
  resources: { requests: object; limits: object };
  securityContext: object;
  volumeMounts: { name: string; mountPath: string }[];
};
type Probe = { httpGet?: { path: string; port: string }; tcpSocket?: { port: string } };
type Labels = Record<string, string>;
type Manifest = {
  kind: string;
  metadata: { name: string; namespace?: string; labels: Labels };
  data?: Record<string, string>;
  stringData?: Record<string, string>;
  spec: {
    replicas?: number;
    selector: Labels & { matchLabels: Labels };
    ports?: { name: string; targetPort: string }[];
    template: {
      metadata: { labels: Labels };
      spec: { securityContext: object; containers: Container[]; volumes: { name: string }[] };
    };
    rules?: { http: { paths: { backend: { service: { name: string; port: { name: string } } } }[] } }[];
  };
};
const manifests = readdirSync(path.join(root, "deploy/kubernetes")).flatMap((file) =>
  parseAllDocuments(read(`deploy/kubernetes/${file}`)).map((document) => {
    if (document.errors.length > 0) throw new Error(`${file}: ${document.errors[0]!.message}`);
    return document.toJS() as Manifest;
  }),
);
const ofKind = (kind: string): Manifest[] => manifests.filter((one) => one.kind === kind);
const deployments = ofKind("Deployment").map((one) => ({ one, container: one.spec.template.spec.containers[0]! }));
const web = deployments.find(({ container }) => container.name === "web")!;

type Service = {
  image: string;
  build?: string;
  read_only?: boolean;
  user?: string;
  environment?: Record<string, string>;
  deploy?: { replicas: number };
  volumes?: string[];
};
const compose = parse(read("compose.yaml"), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, null>;
};
const servers = Object.entries(compose.services).filter(([, { build }]) => build === ".");

type Instruction = { word: string; rest: string };
type Stage = { base: string; name: string; instructions: Instruction[] };
const stages = stagesOf(read("Dockerfile"));
const last = stages.at(-1)!;
const inLast = (word: string): string[] => last.instructions.filter((one) => one.word === word).map(({ rest }) => rest);

/** A Dockerfile's stages, each a list of instructions; comments are left out, and continued lines are one. */
function stagesOf(text: string): Stage[] {
  const lines = text
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n");
  const found: Stage[] = [];
  for (const line of lines.filter((one) => one.trim())) {
    const [, word, rest] = /^\s*(\w+)\s+(.*)$/.exec(line)!;
    const from = /^(\S+) AS (\w+)$/.exec(rest!);
    if (word === "FROM") found.push({ base: from![1]!, name: from![2]!, instructions: [] });
    else found.at(-1)!.instructions.push({ word: word!, rest: rest! });
  }
  return found;
}

/** Variables of the image, as its ENV lines set them. */
const imageVariables = Object.fromEntries(
  inLast("ENV").flatMap((rest) => [...rest.matchAll(/(\w+)=(\S*)/g)].map(([, name, value]) => [name!, value!])),
);

/** The name of each variable of the README's table. */
const table = read("README.md").split("\n## Environment\n")[1]!.split("\n## ")[0]!;
const known = [...table.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell]) =>
  [...cell!.matchAll(/`(\w+)`/g)].map(([, name]) => name!),
);
/** What Node, Next, npm and the SDK of S3 read by themselves. */
const ofOthers = [
  ...["NODE_ENV", "NEXT_TELEMETRY_DISABLED", "NPM_CONFIG_UPDATE_NOTIFIER"],
  ...["AWS_ENDPOINT_URL", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
];

test("every variable that a server is given is in the README's table, or another program's own", () => {
  const given = [
    ...Object.keys(imageVariables),
    ...servers.flatMap(([, { environment }]) => Object.keys(environment!)),
    ...[...ofKind("ConfigMap"), ...ofKind("Secret")].flatMap((one) => Object.keys(one.data ?? one.stringData!)),
    ...deployments.flatMap(({ container }) => container.env!.map(({ name }) => name)),
  ];
  expect(given).toEqual(expect.arrayContaining(["HOLDOUT_ROLE", "HOLDOUT_FILES", "DATABASE_URL"]));
  expect(given.filter((name) => !known.includes(name) && !ofOthers.includes(name))).toEqual([]);
});

test("the README's lines make every secret that compose.yaml asks for, and it holds none", () => {
  const asked = [...read("compose.yaml").matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name!);
  const containers = read("README.md").split("\n## Containers\n")[1]!.split("\n## ")[0]!;
  const made = /for name in ([\w ]+); do/.exec(containers)![1]!.split(" ");
  expect([...new Set(asked)].sort()).toEqual(made.sort());
});

test("the image is made of pinned versions, the same in every stage, of a Node that package.json takes", () => {
  const bases = stages.map(({ base }) => base).filter((base) => !stages.some(({ name }) => name === base));
  expect(new Set(bases).size).toBe(1);
  expect(bases[0]).toMatch(/^node:20\.\d+\.\d+-bookworm-slim$/);
  for (const { image } of Object.values(compose.services))
    if (image !== "holdout") expect(image).toMatch(/:v?\d+\.\d+(\.\d+)?(-\w+)?$/);
});

test("the last stage holds production packages and the built pages, and runs as a user without a name's help", () => {
  const [packages, build] = ["packages", "build"].map((name) => stages.find((stage) => stage.name === name)!);
  expect(packages!.instructions.some(({ rest }) => /^npm ci .*--omit=dev/.test(rest))).toBe(true);
  expect(build!.instructions.map(({ rest }) => rest)).toContain("npm run build");
  expect(inLast("COPY")).toEqual([
    "--from=packages /holdout/node_modules node_modules",
    ". .",
    "--from=build /holdout/.next .next",
  ]);
  expect(inLast("RUN").join()).not.toMatch(/\b(npm|gcc|make|python|git)\b/);
  expect(inLast("USER")).toEqual(["1000:1000"]);
  expect(imageVariables.HOLDOUT_DATA_DIR).toBe(`${inLast("VOLUME")[0]}/holdout`);
});

test("what is taken out of the packages is nothing that the server imports", () => {
  const { instructions } = stages.find(({ name }) => name === "packages")!;
  const taken = instructions
    .find(({ rest }) => rest.startsWith("rm -rf "))!
    .rest.split(" ")
    .slice(2);
  const lock = Object.keys((JSON.parse(read("package-lock.json")) as { packages: object }).packages);
  const pattern = (name: string) => new RegExp(`^node_modules/${name.replace("*", "[^/]*")}(/|$)`);
  expect(taken.filter((name) => !lock.some((one) => pattern(name).test(one)))).toEqual([]);
  const tests = /\.test\.|(^|\/)test[-/.]|^bin\/(bench|test|reference|demo|dev)/;
  const files = execFileSync("git", ["ls-files", "app", "bin", "db", "lib", "*.ts"], { cwd: root, encoding: "utf8" })
    .split("\n")
    .filter((file) => /^(app|bin|db|lib)\/.*\.tsx?$|^(instrumentation|proxy|next\.config)\.ts$/.test(file));
  const imported = files
    .filter((file) => !tests.test(file))
    .flatMap((file) => [...read(file).matchAll(/^(?!import type).*(?:from|import) ?\(?"([^."@][^"]*|@\w[^"]*)"/gm)])
    .map(([, name]) => `node_modules/${name}`);
  expect(imported).toContain("node_modules/postgres");
  expect(imported.filter((name) => taken.some((one) => pattern(one).test(name)))).toEqual([]);
});

test("signals reach the server, which is started as npm start starts it", () => {
  expect(JSON.parse(inLast("ENTRYPOINT")[0]!)).toEqual(["/usr/bin/tini", "--"]);
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  expect(`exec ${(JSON.parse(inLast("CMD")[0]!) as string[]).join(" ")}`).toBe(scripts.start);
  expect(inLast("HEALTHCHECK")[0]).toContain("/api/health");
  expect(existsSync(path.join(root, "app/api/health/route.ts"))).toBe(true);
});

test("the image lets in all that a start holds its build against, and neither tests nor secrets", () => {
  const rules = read(".dockerignore").split("\n");
  const isLetIn = (file: string) => rules.includes(`!${file.split("/")[0]}`);
  expect(rules).toContain("*");
  expect(sources.filter((source) => !isLetIn(source))).toEqual([]);
  expect(["bin", "drizzle", "patches", "trainer", "LICENSE"].filter((source) => !isLetIn(source))).toEqual([]);
  expect(rules).toEqual(expect.arrayContaining(["**/*.test.ts", "**/*.test.tsx", "**/node_modules", "**/.env*"]));
});

test("compose.yaml starts two web servers, a worker, PostgreSQL, a bucket and a load balancer", () => {
  expect(Object.keys(compose.services).sort()).toEqual(["balancer", "bucket", "postgres", "web", "worker"]);
  expect(compose.services.web).toMatchObject({ read_only: true, deploy: { replicas: 2 } });
  expect(servers.map(([name, { environment }]) => [name, environment!.HOLDOUT_ROLE])).toEqual([
    ["web", "web"],
    ["worker", "worker"],
  ]);
  const mounts = Object.values(compose.services).flatMap(({ volumes = [] }) =>
    volumes.map((one) => one.split(":")[0]!),
  );
  expect(mounts.filter((one) => one.startsWith(".") && !existsSync(path.join(root, one)))).toEqual([]);
  const named = mounts.filter((one) => !one.startsWith("."));
  expect(named.sort()).toEqual(Object.keys(compose.volumes).sort());
});

test("the load balancer asks the servers' port for their health, and says alone who a client is", () => {
  const lines = read("deploy/compose/haproxy.cfg")
    .split("\n")
    .map((line) => line.trim());
  expect(lines).toEqual(
    expect.arrayContaining([
      `server-template web 8 web:${imageVariables.PORT}`,
      "option httpchk GET /api/health",
      "http-request set-header X-Forwarded-For %[src]",
    ]),
  );
  expect(compose.services.web!.environment!.HOLDOUT_PROXIES).toBe("1");
});

test("manifests are of no namespace, and every pod is another user than root, on a root filesystem that is read only", () => {
  expect(manifests.filter(({ metadata }) => metadata.namespace)).toEqual([]);
  expect(deployments.map(({ container }) => container.name).sort()).toEqual(["web", "worker"]);
  for (const { one, container } of deployments) {
    expect(one.spec.template.spec.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 1000,
      fsGroup: 1000,
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(container.volumeMounts.map(({ mountPath }) => mountPath)).toEqual([inLast("VOLUME")[0], "/tmp"]);
    expect(container.resources).toMatchObject({ requests: expect.anything(), limits: expect.anything() });
    expect(container.env).toEqual([{ name: "HOLDOUT_ROLE", value: container.name }]);
  }
});

test("servers are asked for their health at the image's port, and a database that is away starts none again", () => {
  expect(web.one.spec.replicas).toBe(2);
  for (const { container } of deployments) {
    expect(container.ports).toEqual([{ name: "http", containerPort: Number(imageVariables.PORT) }]);
    expect(container.startupProbe?.httpGet).toEqual({ path: "/api/health", port: "http" });
    expect(container.readinessProbe?.httpGet).toEqual({ path: "/api/health", port: "http" });
    expect(container.livenessProbe).not.toMatchObject({ httpGet: { path: "/api/health" } });
  }
  expect(web.container.livenessProbe?.httpGet?.path).toBe("/favicon.ico");
  expect(existsSync(path.join(root, "app/favicon.ico"))).toBe(true);
});

test("what a manifest points to is there: labels, ports, the configuration and the secret", () => {
  const pods = deployments.map(({ one }) => one.spec.template.metadata.labels);
  const selected = [
    ...deployments.map(({ one }) => one.spec.selector.matchLabels),
    ...ofKind("Service").map((one) => one.spec.selector),
    ...ofKind("PodDisruptionBudget").map((one) => one.spec.selector.matchLabels),
  ];
  expect(selected).toHaveLength(4);
  for (const labels of selected) expect(pods).toContainEqual(expect.objectContaining(labels));
  const [service] = ofKind("Service");
  expect(service!.spec.ports!.map(({ targetPort }) => targetPort)).toEqual(["http"]);
  const [ingress] = ofKind("Ingress");
  expect(ingress!.spec.rules![0]!.http.paths[0]!.backend.service).toEqual({
    name: service!.metadata.name,
    port: { name: service!.spec.ports![0]!.name },
  });
  for (const { container } of deployments)
    expect(container.envFrom).toEqual([
      { configMapRef: { name: ofKind("ConfigMap")[0]!.metadata.name } },
      { secretRef: { name: ofKind("Secret")[0]!.metadata.name } },
    ]);
});

beforeEach(() => void vi.stubEnv("HOLDOUT_ENV_FILE", ""));
afterEach(() => void vi.unstubAllEnvs());

test("no server starts with the example of a secret as it is", () => {
  const [configuration, secret] = [ofKind("ConfigMap")[0]!, ofKind("Secret")[0]!];
  for (const [name, value] of Object.entries(configuration.data!)) vi.stubEnv(name, value);
  expect(readSettings().url).toBe("https://holdout.example.org");
  for (const [name, value] of Object.entries(secret.stringData!)) vi.stubEnv(name, value);
  expect(() => readSettings()).toThrow("DATABASE_URL");
});
