/** Where a commit, and what lies between two, is read on the page of its repository. Pure. */

type Pages = { commit: (sha: string) => string; between: (from: string, to: string) => string };

const github: Pages = { commit: (sha) => `commit/${sha}`, between: (from, to) => `compare/${from}...${to}` };
const pagesOfHost: [host: RegExp, pages: Pages][] = [
  [/^github\.com$/, github],
  [/^(?:codeberg\.org|gitea\.com)$/, github],
  [
    /^gitlab\.(?:[a-z0-9-]+\.)*[a-z]+$/,
    { commit: (sha) => `-/commit/${sha}`, between: (from, to) => `-/compare/${from}...${to}` },
  ],
  [/^bitbucket\.org$/, { commit: (sha) => `commits/${sha}`, between: (from, to) => `branches/compare/${to}..${from}` }],
];

/** The page of a repository that git names by `https://host/owner/name.git`, `git@host:owner/name` or `ssh://…`. */
function pageOf(repository: string): { url: string; pages: Pages } | null {
  const [, host, path] =
    /^(?:https?:\/\/(?:[^@/]*@)?|ssh:\/\/(?:[^@/]*@)?|git:\/\/)([A-Za-z0-9.-]+)(?::\d+)?\/([\w.~/-]+?)(?:\.git)?\/?$/.exec(
      repository,
    ) ??
    /^(?:[\w.-]+@)([A-Za-z0-9.-]+):([\w.~/-]+?)(?:\.git)?\/?$/.exec(repository) ??
    [];
  if (host === undefined || path === undefined || path.split("/").includes("..")) return null;
  const known = pagesOfHost.find(([pattern]) => pattern.test(host.toLowerCase()));
  return known ? { url: `https://${host.toLowerCase()}/${path.replace(/^\/+/, "")}`, pages: known[1] } : null;
}

const isCommit = (text: string): boolean => /^[0-9a-f]{7,64}$/i.test(text);

/** Null where nobody knows the page: another host, no commit. */
export function commitUrl(repository: string | null, commit: string | null): string | null {
  const page = repository === null ? null : pageOf(repository);
  return page && commit !== null && isCommit(commit) ? `${page.url}/${page.pages.commit(commit)}` : null;
}

export function compareUrl(
  from: { repository: string | null; commit: string | null },
  to: { repository: string | null; commit: string | null },
): string | null {
  const [own, other] = [from, to].map(({ repository }) => (repository === null ? null : pageOf(repository)));
  if (!own || !other || own.url !== other.url || from.commit === null || to.commit === null) return null;
  if (from.commit === to.commit || !isCommit(from.commit) || !isCommit(to.commit)) return null;
  return `${own.url}/${own.pages.between(from.commit, to.commit)}`;
}
