import assert from "node:assert/strict";
import { test } from "node:test";

import { open } from "./page.mjs";

const VERIFICATION = { environment: "test", publicApiKey: "key_public", agentId: "agt_1", instructionId: "ins_1" };

// As much of an element as the script asks for.
const part = (more = {}) => {
  const listeners = {};
  return {
    children: [], ...more,
    addEventListener: (type, fn) => (listeners[type] ??= []).push(fn),
    append(child) { this.children.push(child); },
    focus() { this.focused = true; },
    fire: (type, event = {}) => (listeners[type] ?? []).forEach((fn) => fn(event)),
  };
};

// `late`: when the verifier's module defines its element, in milliseconds; null: never.
async function approval({ verify = () => {}, verification = VERIFICATION, late = 0 } = {}) {
  const page = open({ component: { id: "oi_1", verification } });
  const heard = [];
  page.checkout.attach((type, text) => heard.push([type, JSON.parse(text)]));
  const approve = part({ disabled: true });
  const problem = part({ hidden: true, textContent: "It was not confirmed." });
  const box = part();
  const calls = [];
  const verifier = part({ verify: () => (calls.push(verifier.verificationConfig), verify()) });
  page.named.component.querySelector = (selector) =>
    verification ? { "[data-approve]": approve, "[data-problem]": problem, "[data-verifier]": box }[selector] : null;
  const asked = [];
  page.window.customElements = {
    whenDefined: (name) => new Promise((done) => {
      asked.push(name);
      if (late !== null) page.window.setTimeout(done, late);
    }),
  };
  page.window.document.createElement = (name) => (asked.push(name), verifier);
  page.run("providers/crossmint_intents.js");
  await page.advance(late ?? 0);
  return { page, heard, approve, problem, box, verifier, calls, asked };
}

test("it hands the configuration to the verifier's element and waits for a click", async () => {
  const { page, heard, approve, box, verifier, calls, asked } = await approval();
  assert.deepEqual(asked, ["checkout-verifier", "checkout-verifier"]);
  assert.deepEqual(box.children, [verifier]);
  assert.equal(JSON.stringify(verifier.verificationConfig), JSON.stringify(VERIFICATION));
  assert.deepEqual(heard, [["mounted", {}]]);
  assert.equal(page.named.component.dataset.state, "mounted");
  assert.equal(approve.disabled, false);
  assert.equal(calls.length, 0);
});

test("a click starts it at once, and only once", async () => {
  const { approve, calls } = await approval();
  approve.fire("click");
  assert.equal(calls.length, 1); // before anything was awaited: windows and passkeys need the click
  assert.equal(approve.disabled, true);
});

test("verified is a nudge with the intent's id", async () => {
  const { heard, approve, verifier } = await approval();
  approve.fire("click");
  verifier.fire("verified");
  assert.deepEqual(heard.at(-1), ["approved", { id: "oi_1" }]);
  assert.equal(approve.disabled, false);
});

for (const [name, start, message] of [
  ["an event", ({ verifier }) => verifier.fire("failed", { detail: { reason: "declined" } }), "declined"],
  ["an event that says nothing", ({ verifier }) => verifier.fire("failed", { detail: null }), "failed"],
]) {
  test(`failed, by ${name}, can be tried again`, async () => {
    const all = await approval();
    all.approve.fire("click");
    start(all);
    assert.deepEqual(all.heard.at(-1), ["error", { message }]);
    assert.equal(all.problem.hidden, false);
    assert.equal(all.page.named.announce.textContent, "It was not confirmed.");
    assert.equal(all.approve.disabled, false);
    assert.ok(all.approve.focused);
    all.approve.fire("click");
    assert.equal(all.problem.hidden, true);
    assert.equal(all.calls.length, 2);
  });
}

for (const [name, verify] of [
  ["throws", () => { throw new Error("no window"); }],
  ["rejects", async () => { throw new Error("no window"); }],
]) {
  test(`a verifier that ${name} has failed`, async () => {
    const { page, heard, approve, problem } = await approval({ verify });
    approve.fire("click");
    await page.settle();
    assert.deepEqual(heard.at(-1), ["error", { message: "Error: no window" }]);
    assert.equal(problem.hidden, false);
    assert.equal(approve.disabled, false);
  });
}

test("without anything to verify the page is complete as it is", async () => {
  const { page, heard, asked } = await approval({ verification: null });
  assert.deepEqual(heard, [["mounted", {}]]);
  assert.deepEqual(asked, []);
  assert.equal(page.named.component.dataset.state, "mounted");
});

test("a late verifier is taken back, one that never comes gives way", async () => {
  const late = await approval({ late: 7000 });
  assert.equal(late.page.named.component.dataset.state, "mounted");
  assert.equal(late.approve.disabled, false);
  const never = await approval({ late: null });
  await never.page.advance(60_000);
  assert.equal(never.page.named.component.dataset.state, "failed");
  assert.equal(never.approve.disabled, true);
});
