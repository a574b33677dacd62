import { expect, test } from "vitest";
import { removeMember } from "../access/members.ts";
import { newMember, newProject, prepareWorkspace } from "../test-workspace.ts";
import { createLink, createView, deleteView, findView, listViews, updateView } from "./views.ts";

prepareWorkspace();

test("a personal view is seen by its maker alone until it is shared", async () => {
  const project = await newProject("Views");
  const { actor: maker } = await newMember("member");
  const { actor: other } = await newMember("viewer");
  const view = await createView(maker, project.id, { name: " Best ", query: "sort=-name" });
  expect(view).toMatchObject({ name: "Best", query: "sort=-name", isShared: false, isMine: true, owner: maker.name });
  expect(await listViews(other, project.id)).toEqual([]);
  await expect(updateView(other, view.id, { name: "Mine" })).rejects.toMatchObject({ status: 404 });
  await updateView(maker, view.id, { isShared: true });
  expect(await listViews(other, project.id)).toMatchObject([{ name: "Best", isMine: false, owner: maker.name }]);
});

test("a shared view is changed by its maker or an admin, not by others", async () => {
  const project = await newProject("Shared");
  const [{ actor: maker }, { actor: other }, { actor: admin }] = [
    await newMember("member"),
    await newMember("member"),
    await newMember("admin"),
  ];
  const view = await createView(maker, project.id, { name: "Ours", query: "", isShared: true });
  await expect(deleteView(other, view.id)).rejects.toMatchObject({ status: 403 });
  expect(await updateView(admin, view.id, { name: "All" })).toMatchObject({ name: "All", isMine: false });
  const deleted = await deleteView(maker, view.id);
  expect(await listViews(maker, project.id)).toEqual([]);
  const { name, query, isShared } = deleted;
  await createView(maker, project.id, { name, query, isShared });
  expect(await listViews(other, project.id)).toMatchObject([{ name: "All", isShared: true }]);
});

test("a viewer saves views, and shares none", async () => {
  const project = await newProject("Viewer");
  const { actor } = await newMember("viewer");
  const view = await createView(actor, project.id, { name: "Mine", query: "" });
  await expect(updateView(actor, view.id, { isShared: true })).rejects.toMatchObject({ status: 403 });
  const shared = { name: "Ours", query: "", isShared: true };
  await expect(createView(actor, project.id, shared)).rejects.toMatchObject({ status: 403 });
});

test("a name that a member has already is refused by name, whether made or renamed to", async () => {
  const project = await newProject("Twice");
  const { actor } = await newMember("member");
  await createView(actor, project.id, { name: "One", query: "" });
  const two = await createView(actor, project.id, { name: "Two", query: "" });
  const refusal = { status: 409, errors: [{ field: "name" }] };
  await expect(createView(actor, project.id, { name: "One", query: "" })).rejects.toMatchObject(refusal);
  await expect(updateView(actor, two.id, { name: "One" })).rejects.toMatchObject(refusal);
  await expect(createView(actor, project.id, { name: " ", query: "" })).rejects.toMatchObject({ status: 400 });
  await expect(deleteView(actor, "nothing")).rejects.toMatchObject({ status: 404 });
});

test("views of two pages don't meet, though they have one name", async () => {
  const project = await newProject("Pages");
  const { actor } = await newMember("member");
  await createView(actor, project.id, { name: "Best", query: "sort=-name" });
  const { id } = await createView(actor, project.id, { page: "compare", name: "Best", query: "run=a" });
  expect(await listViews(actor, project.id)).toMatchObject([{ query: "sort=-name" }]);
  expect(await listViews(actor, project.id, "compare")).toMatchObject([{ id, query: "run=a" }]);
  expect(await findView(actor, project.id, { page: "runs", id })).toBeNull();
  expect(await findView(actor, project.id, { page: "compare", id })).toEqual({ name: "Best", query: "run=a" });
  await expect(createView(actor, project.id, { page: "nowhere", name: "A", query: "" })).rejects.toMatchObject({
    status: 400,
  });
});

test("a short link is one for a state, leads everybody there, is in no menu and outlives who made it", async () => {
  const [project, other] = [await newProject("Links"), await newProject("No links")];
  const [{ actor: maker }, { actor: viewer }, { actor: admin }] = [
    await newMember("member"),
    await newMember("viewer"),
    await newMember("admin"),
  ];
  const state = { page: "compare" as const, query: "run=a&run=b&baseline=b" };
  const id = await createLink(maker, project.id, state);
  expect(await createLink(viewer, project.id, state)).toBe(id);
  expect(await createLink(maker, project.id, { ...state, query: "run=b" })).not.toBe(id);
  expect(await createLink(maker, other.id, state)).not.toBe(id);
  expect(await listViews(maker, project.id, "compare")).toEqual([]);
  await expect(deleteView(admin, id)).rejects.toMatchObject({ status: 404 });
  await removeMember(admin, maker.id);
  const found = { page: "compare" as const, id };
  expect(await findView(viewer, project.id, found)).toEqual({ name: null, query: state.query });
  expect(await findView(viewer, other.id, found)).toBeNull();
  expect(await findView(viewer, project.id, { ...found, id: "no id" })).toBeNull();
  await expect(createLink(viewer, project.id, { ...state, query: "a".repeat(8001) })).rejects.toMatchObject({
    status: 400,
  });
});

test("another's personal view is found by nobody else", async () => {
  const project = await newProject("Personal");
  const [{ actor: maker }, { actor: other }] = [await newMember("member"), await newMember("member")];
  const { id } = await createView(maker, project.id, { page: "compare", name: "Mine", query: "run=a" });
  expect(await findView(other, project.id, { page: "compare", id })).toBeNull();
});
