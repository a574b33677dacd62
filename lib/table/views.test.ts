import { expect, test } from "vitest";
import { newMember, newProject, prepareWorkspace } from "../test-workspace.ts";
import { createView, deleteView, listViews, updateView } from "./views.ts";

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
