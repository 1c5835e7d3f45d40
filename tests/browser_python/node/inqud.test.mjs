import assert from "node:assert/strict";
import { test } from "node:test";

import { open } from "./page.mjs";

const ID = "CCO-1";

// The provider's element as its document describes it: defined by its script, which comes after ours.
async function widget({ id = ID, width = 392, height = 500, defined = true } = {}) {
  const page = open({ component: { checkout_id: ID, widget_url: "https://widget.example/widget.js" } });
  const heard = [];
  page.checkout.attach((type, text) => heard.push([type, JSON.parse(text)]));
  const listeners = {};
  const node = { id, offsetHeight: 0, addEventListener: (type, fn) => (listeners[type] = fn) };
  page.named.component.append(node);
  page.named.component.clientWidth = width;
  let define, resized = () => {};
  page.window.customElements = { whenDefined: (name) => new Promise((done) => (define = () => done(name))) };
  page.window.ResizeObserver = class {
    constructor(fn) { this.fn = fn; }
    observe(seen) { assert.equal(seen, node); resized = () => this.fn?.([], this); resized(); }
    disconnect() { this.fn = undefined; }
  };
  page.run("providers/inqud.js");
  await page.settle();
  const draw = async (grown = height) => {
    define?.();
    await page.settle();
    node.offsetHeight = grown;
    resized();
    await page.settle();
  };
  if (defined) await draw();
  const tell = (detail) => listeners.statusChanged?.({ detail });
  return { page, heard, draw, tell, state: () => page.named.component.dataset.state };
}

test("it is there once it has drawn something, and says so once", async () => {
  const { heard, draw, state } = await widget({ defined: false });
  assert.deepEqual([heard, state()], [[], undefined]);
  await draw(0);
  assert.equal(state(), undefined);
  await draw(500);
  await draw(600);
  assert.deepEqual([heard, state()], [[["mounted", {}]], "mounted"]);
});

for (const [name, options] of [["whose script never comes", { defined: false }], ["that draws nothing", { height: 0 }]])
  test(`a widget ${name} gives way`, async () => {
    const { page, state } = await widget(options);
    await page.advance(6000);
    assert.equal(state(), "failed");
    assert.ok(page.named.hosted.attributes.has("data-prominent"));
  });

for (const status of ["SUCCESS", "CONFLICT"])
  test(`${status} of this checkout is a claim`, async () => {
    const { heard, tell } = await widget();
    tell({ id: ID, status });
    assert.deepEqual(heard.at(-1), ["approved", { id: ID, status }]);
  });

for (const [name, detail, said] of [
  ["of another checkout", { id: "CCO-2", status: "SUCCESS" }, { status: "SUCCESS" }],
  ["without an id", { status: "SUCCESS" }, { status: "SUCCESS" }],
  ["nobody knows", { id: ID, status: "COMPLETED" }, { id: ID, status: "COMPLETED" }],
  ["that only contains the word", { id: ID, status: "NO_SUCCESS" }, { id: ID, status: "NO_SUCCESS" }],
  ["of an odd shape", { id: {}, status: ["SUCCESS"] }, { status: ["SUCCESS"] }],
  ["that is none", null, {}],
])
  test(`a status ${name} claims nothing`, async () => {
    const { heard, tell } = await widget();
    tell(detail);
    assert.deepEqual(heard.at(-1), ["status", said]);
  });

test("what it says before it has drawn is not lost", async () => {
  const { heard, tell, draw } = await widget({ defined: false });
  tell({ id: ID, status: "SUCCESS" });
  await draw();
  assert.deepEqual(heard.map(([type]) => type), ["approved", "mounted"]);
});

test("where there is no room for it, the hosted page is", async () => {
  const { page, state, heard } = await widget({ width: 280 });
  assert.equal(state(), "failed");
  assert.match(heard[0][1].reason, /narrow/);
  assert.ok(page.named.hosted.attributes.has("data-prominent"));
  assert.equal((await widget({ width: 320 })).state(), "mounted");
  // Hidden just now, since the payment is over or not there yet: nobody knows how wide.
  assert.equal((await widget({ width: 0 })).state(), "mounted");
});
