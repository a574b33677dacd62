import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { Section } from "@/app/_ui/parts/section.tsx";
import { Written } from "@/app/_ui/parts/written.tsx";
import { ProjectHeader } from "@/app/_ui/shell/project-header.tsx";
import type { MemberActor } from "@/lib/access/actor.ts";
import { listLeftBehind } from "@/lib/access/left-behind.ts";
import { can } from "@/lib/access/permissions.ts";
import { listProjectMembers } from "@/lib/access/project-roles.ts";
import { listTokens } from "@/lib/access/tokens.ts";
import { listRules } from "@/lib/alerts/rules.ts";
import { listManifests } from "@/lib/manifests/manifests.ts";
import { listMetrics } from "@/lib/projects/declarations.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { listDeletedRuns } from "@/lib/runs/deleted.ts";
import { listPurgedRuns } from "@/lib/runs/tombstones.ts";
import { areTestRulesSettled } from "@/lib/settings/project-settings.ts";
import { listColumns } from "@/lib/table/known-columns.ts";
import { listDeliveries, listWebhooks } from "@/lib/webhooks/webhooks.ts";
import type { Project } from "@/lib/wire/projects.ts";
import { Alerts } from "./_alerts/alerts.tsx";
import { Members } from "./_members/members.tsx";
import { Webhooks } from "./_webhooks/webhooks.tsx";
import { ChosenManifestForm } from "./chosen-manifest-form.tsx";
import { DeleteProject } from "./delete-project.tsx";
import { DeletedRuns } from "./deleted-runs.tsx";
import { DescribeProject } from "./describe-project.tsx";
import { MetricsEditor } from "./metrics-editor.tsx";
import { MetricsList } from "./metrics-list.tsx";
import { NamesForm } from "./names-form.tsx";
import { PrimaryMetricForm } from "./primary-metric-form.tsx";
import { PurgedRuns } from "./purged-runs.tsx";
import { ReplicatesForm } from "./replicates-form.tsx";
import { SharesForm } from "./shares-form.tsx";
import { SmallestDifferenceForm } from "./smallest-difference-form.tsx";
import { TestRulesForm } from "./test-rules-form.tsx";
import { TokensSection } from "./tokens.tsx";

export const metadata: Metadata = { title: "Project settings" };

type Params = { params: Promise<{ slug: string }> };

export default async function ProjectSettingsPage({ params }: Params) {
  const member = await currentMember();
  const project = await getProject(member, decodeURIComponent((await params).slug));
  if (!project) notFound();
  const props = { member, project };
  return (
    <>
      <ProjectHeader project={project} />
      <About {...props} />
      <Judged {...props} />
      <Named {...props} />
      <Reached {...props} />
      <Gone {...props} />
      {can(member, "projects.delete", project.id) && (
        <Section
          title="Delete project"
          about="Hides it with everything in it; its tokens stop working. It can be undone."
        >
          <DeleteProject id={project.id} name={project.name} />
        </Section>
      )}
    </>
  );
}

type PartProps = { member: MemberActor; project: Project };

function About({ member, project }: PartProps) {
  return (
    <Section title="Project" about="The description is Markdown and is shown to everybody in the workspace.">
      <div className="grid gap-6">
        {project.description && (
          <div className="prose text-sm">
            <Written text={project.description} />
          </div>
        )}
        {can(member, "projects.update", project.id) ? (
          <DescribeProject id={project.id} name={project.name} description={project.description} />
        ) : (
          <p className="text-sm text-muted">Your role is viewer: members and admins change a project.</p>
        )}
      </div>
    </Section>
  );
}

/** What models are judged by, and who sees it. */
async function Judged({ member, project }: PartProps) {
  const canUpdate = can(member, "projects.update", project.id);
  const isSettled = await areTestRulesSettled(member, project.id);
  const manifests = (await listManifests(member, project.id)).map(({ id, name }) => ({ id, name }));
  return (
    <>
      <Section
        id="primary-metric"
        title="Primary metric"
        about="Runs are ranked by its best value. The test split can't be chosen: what is tuned on it says nothing any more."
      >
        <PrimaryMetricForm project={project} canUpdate={canUpdate} />
      </Section>
      <Section
        id="smallest-difference"
        title="Smallest difference of interest"
        about="Two models that differ by less are practically equal, however sure the difference is. Comparisons and the champion go by it."
      >
        <SmallestDifferenceForm project={project} canUpdate={canUpdate} />
      </Section>
      <Section
        id="test-split"
        title="Test split"
        about="How often the test splits of this project may be looked at, and what a look shows. It is settled before the first look: whoever saw a number could choose by it."
      >
        <TestRulesForm project={project} isSettled={isSettled} canRule={can(member, "tests.rule", project.id)} />
      </Section>
      <Section
        title="Chosen manifest"
        about="Its champion is the project's: the page of the champion opens on it, and programs that name no manifest get it."
      >
        <ChosenManifestForm
          project={{ id: project.id, chosenManifest: project.chosenManifest }}
          manifests={manifests}
          canUpdate={canUpdate}
        />
      </Section>
      <Section
        title="Shared reports"
        about="A link lets anybody who holds it read one report, without signing in, until it expires or is revoked. Where this is forbidden, links that were made open nothing."
      >
        <SharesForm project={project} canAllow={can(member, "reports.allow-shares", project.id)} />
      </Section>
    </>
  );
}

/** What names mean, of metrics and of what counts between replicates. */
async function Named({ member, project }: PartProps) {
  const canUpdate = can(member, "projects.update", project.id);
  const metrics = await listMetrics(member, project.id);
  const keys = canUpdate ? (await listColumns(member, project.id)).config.map(({ key }) => key) : [];
  return (
    <>
      <Section
        title="Declared metrics"
        about="A direction gives a metric a best value; without one only last, min and max are shown. Training code may declare metrics too."
      >
        {can(member, "metrics.declare", project.id) ? (
          <MetricsEditor projectId={project.id} metrics={metrics} />
        ) : (
          <MetricsList metrics={metrics} />
        )}
      </Section>
      <Section
        id="names"
        title="Names of metrics"
        about="Clients of MLflow know no splits: a name that begins so means one, and the rest is the metric. It holds for series that are made from then on. test_ and _test mean the test split always, which is quarantined and counted as a look."
      >
        <NamesForm
          project={{ id: project.id, keyPrefixes: project.keyPrefixes }}
          canName={can(member, "metrics.name", project.id)}
        />
      </Section>
      <Section
        id="replicates"
        title="Replicates"
        about="Runs with one config and one manifest are replicates: what differs between them is chance. The seed never counts. Where a note or a folder differs too, leave its path aside here, and means and intervals go over all of them."
      >
        <ReplicatesForm project={project} keys={keys} canUpdate={canUpdate} />
      </Section>
    </>
  );
}

/** Who and what reaches the project, and whom it tells. */
async function Reached({ member, project }: PartProps) {
  const tokens = can(member, "tokens.read", project.id) ? await listTokens(member, project.id) : null;
  return (
    <>
      {tokens && (
        <TokensSection
          projectId={project.id}
          tokens={tokens}
          canManage={can(member, "tokens.manage", project.id)}
          canManageAdmin={can(member, "tokens.manage-admin", project.id)}
        />
      )}
      {can(member, "members.manage", project.id) && (
        <Members
          projectId={project.id}
          members={await listProjectMembers(member, project.id)}
          left={await listLeftBehind(member)}
        />
      )}
      {can(member, "alerts.manage", project.id) && (
        <Alerts projectId={project.id} rules={await listRules(member, project.id)} />
      )}
      {can(member, "webhooks.read", project.id) && (
        <Webhooks
          projectId={project.id}
          webhooks={await listWebhooks(member, project.id)}
          deliveries={await listDeliveries(member, project.id)}
        />
      )}
    </>
  );
}

async function Gone({ member, project }: PartProps) {
  const deletedRuns = can(member, "runs.delete", project.id) ? await listDeletedRuns(member, project.id) : [];
  const purgedRuns = await listPurgedRuns(member, project.id);
  return (
    <>
      {deletedRuns.length > 0 && (
        <Section title="Deleted runs" about="Out of every list, but not gone.">
          <DeletedRuns runs={deletedRuns} canPurge={can(member, "runs.purge", project.id)} />
        </Section>
      )}
      {purgedRuns.length > 0 && (
        <Section
          title="Purged runs"
          about="Their points, files and code are gone for good. What each was stays: its name, its config, who purged it and when."
        >
          <PurgedRuns runs={purgedRuns} />
        </Section>
      )}
    </>
  );
}
