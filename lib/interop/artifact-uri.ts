/** Where a run's files are: by this address a client of MLflow sends and asks for them here. */
export const artifactUri = (projectId: string, runId: string): string =>
  `mlflow-artifacts:/${hexOf(projectId)}/${hexOf(runId)}/artifacts`;

const hexOf = (uuid: string): string => uuid.replaceAll("-", "");
