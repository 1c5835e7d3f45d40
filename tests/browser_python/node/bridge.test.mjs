import assert from "node:assert/strict";
import { test } from "node:test";

import { open, snapshot } from "./page.mjs";

const recorder = () => {
  const heard = [];
  return [heard, (type, text) => heard.push([type, JSON.parse(text)])];
};

test("what is said before Python comes is handed over once and in order", () => {
  const { checkout } = open();
  const [heard, take] = recorder();
  checkout.say("opened");
  checkout.say("created", { id: "pay_1" });
  checkout.attach(take);
  checkout.say("approved", { id: "pay_1" });
  checkout.attach(take);
  assert.deepEqual(heard, [["opened", {}], ["created", { id: "pay_1" }], ["approved", { id: "pay_1" }]]);
});

test("what Python's answer says comes after what waits", () => {
  const { checkout } = open();
  const heard = [];
  checkout.say("a");
  checkout.say("b");
  checkout.attach((type) => {
    heard.push(type);
    if (type == "a") checkout.say("c");
  });
  assert.deepEqual(heard, ["a", "b", "c"]);
});

test("a detail that JSON cannot hold is an empty one", () => {
  const { checkout } = open();
  const [heard, take] = recorder();
  const circle = {};
  circle.circle = circle;
  checkout.attach(take);
  for (const detail of [circle, () => 1, 5n, undefined, null]) checkout.say("x", detail);
  assert.deepEqual(heard.map(([, detail]) => detail), [{}, {}, {}, {}, {}]);
});

test("safe answers instead of throwing", () => {
  const { checkout } = open();
  assert.deepEqual([...checkout.safe((a, b) => a + b, 1, 2)], [null, 3]);
  assert.deepEqual([...checkout.safe(() => { throw new TypeError("no"); })], ["TypeError: no", null]);
});

test("a component is mounted once, and told where", async () => {
  const page = open({ component: { payment_id: "pay_1" } });
  const given = [];
  page.checkout.mount((tools) => given.push(tools));
  page.checkout.mount((tools) => given.push(tools));
  await page.settle();
  assert.equal(given.length, 1);
  assert.equal(given[0].element, page.named.component);
  assert.equal(given[0].component.payment_id, "pay_1");
  given[0].mounted();
  await page.advance(20_000);
  assert.equal(page.named.component.dataset.state, "mounted");
  assert.ok(!page.named.hosted.attributes.has("data-prominent"));
});

for (const [name, fn] of [
  ["throws", () => { throw new Error("broken"); }],
  ["rejects", async () => { throw null; }],
]) {
  test(`a component that ${name} gives way to the hosted page`, async () => {
    const page = open();
    const [heard, take] = recorder();
    page.checkout.attach(take);
    page.checkout.mount(fn);
    await page.advance(10_000);
    assert.equal(page.named.component.dataset.state, "failed");
    assert.ok(page.named.hosted.attributes.has("data-prominent"));
    assert.equal(heard.length, 1);
    assert.equal(heard[0][0], "mount_failed");
  });
}

test("a component that never comes is given up in time, and taken back when it does", async () => {
  const page = open();
  let tools;
  page.checkout.mount((given) => (tools = given));
  await page.advance(5999);
  assert.equal(page.named.component.dataset.state, undefined);
  await page.advance(2);
  assert.equal(page.named.component.dataset.state, "failed");
  tools.mounted();
  assert.equal(page.named.component.dataset.state, "mounted");
  assert.ok(!page.named.hosted.attributes.has("data-prominent"));
});

test("a script that does not load: the provider's ends the wait, our boot module starts the fallback", async () => {
  const page = open();
  page.fire("error", { target: { tagName: "IMG", src: "https://pay.example/x.png" } });
  page.fire("error", { target: page.window });
  assert.equal(page.named.component.dataset.state, undefined);
  page.fire("error", { target: { tagName: "SCRIPT", type: "", src: "https://js.provider.example/sdk" } });
  assert.equal(page.named.component.dataset.state, "failed");
  await page.settle();
  assert.deepEqual(page.requests, []);
  page.fire("error", { target: { tagName: "SCRIPT", type: "module", src: "https://pay.example/static/boot/x.js" } });
  await page.settle();
  assert.deepEqual(page.requests, ["GET /s"]);
});

test("a page without a component has nothing to give up", async () => {
  const page = open({ without: ["component", "pay"] });
  page.checkout.mount(() => assert.fail());
  await page.advance(7000);
  const [heard, take] = recorder();
  page.checkout.attach(take);
  assert.deepEqual(heard, []);
});

test("Python in time: the bridge asks nothing", async () => {
  const page = open();
  await page.advance(7000);
  page.checkout.attach(() => {});
  await page.advance(60_000);
  assert.deepEqual(page.requests, []);
});

test("no Python: the bridge polls, shows and leaves once", async () => {
  const page = open();
  await page.advance(8001);
  assert.deepEqual(page.requests, ["GET /s"]);
  page.server = () => ({ body: snapshot(2, "processing", { text: { received: "1 of 6" } }) });
  await page.advance(3000);
  assert.deepEqual(page.shown(), ["processing"]);
  assert.equal(page.slots[0].textContent, "1 of 6");
  assert.equal(page.named.pay.hidden, true);
  assert.equal(page.named.progress.dataset.step, 1);
  assert.equal(page.named.announce.textContent, "headline of processing");
  page.server = () => ({ body: snapshot(1, "open") });
  await page.advance(3000);
  assert.deepEqual(page.shown(), ["processing"], "an older snapshot was shown");
  page.server = () => ({ body: snapshot(3, "succeeded", { redirect: "https://store.example/", redirect_after_ms: 2500 }) });
  await page.advance(5000);
  assert.deepEqual(page.shown(), ["succeeded"]);
  const asked = page.requests.length;
  await page.advance(60_000);
  assert.deepEqual(page.left, ["https://store.example/"]);
  assert.equal(page.checkout.data.left, true); // so that Python, should it come now, does not leave again
  assert.equal(page.named.continue.href, "https://store.example/");
  assert.equal(page.requests.length, asked);
});

test("the fallback nudges with what was queued, and with what comes", async () => {
  const page = open();
  page.checkout.say("approved", { id: "pay_1" });
  await page.advance(8001);
  assert.equal(page.requests.filter((r) => r == 'POST /r {"ref":"pay_1"}').length, 1);
  assert.deepEqual(page.shown(), ["checking"]);
  page.checkout.say("help", { key: "open_popup" });
  assert.equal(page.named.help.textContent, "Close the other.");
  assert.equal(page.named.help.hidden, false);
  page.checkout.say("approved");
  await page.settle();
  assert.equal(page.requests.filter((r) => r.startsWith("POST")).length, 2);
  await page.advance(60_000);
  assert.deepEqual(page.shown(), ["open"], "an approval that nobody confirms lapses");
});

test("back from a wallet the fallback has the provider asked at once", async () => {
  const page = open();
  const posts = () => page.requests.filter((r) => r.startsWith("POST")).length;
  page.fire("visibilitychange", {});
  await page.settle();
  assert.equal(posts(), 0, "Python would do it by itself");
  await page.advance(8001);
  page.fire("visibilitychange", {});
  await page.settle();
  assert.equal(posts(), 1);
});

test("the fallback waits when it is told to, and survives rubbish", async () => {
  const page = open({ server: () => ({ status: 429, wait: "20" }) });
  await page.advance(8001);
  await page.advance(19_000);
  assert.equal(page.requests.length, 1);
  page.server = () => ({ body: "<html>" });
  await page.advance(2000);
  page.server = () => { throw new Error("offline"); };
  await page.advance(3000);
  page.server = () => ({ body: snapshot(2, "teleported") });
  await page.advance(3000);
  assert.deepEqual(page.shown(), ["checking"]);
});

test("the shades of open are those of status.py", async () => {
  for (const [more, panel] of [
    [{}, "open"],
    [{ failure: {} }, "declined"],
    [{ failure: {}, checking: true }, "checking"],
    [{ checking: true, unavailable: true }, "unavailable"],
    [{ already_paid: true, unavailable: true }, "already_paid"],
    [{ already_paid: true, paid: true, status: "succeeded" }, "succeeded"],
  ]) {
    const page = open({ server: () => ({ body: snapshot(2, "open", more) }) });
    await page.advance(8001);
    assert.deepEqual(page.shown(), [panel]);
  }
});

test("Python that comes late takes over: no second poll, no second departure, the newest snapshot", async () => {
  const page = open({ server: () => ({ body: snapshot(7, "succeeded", { redirect: "/x", redirect_after_ms: 2000 }) }) });
  await page.advance(8001);
  assert.equal(page.checkout.data.snapshot.version, 7);
  page.checkout.attach(() => {});
  const asked = page.requests.length;
  await page.advance(60_000);
  assert.equal(page.requests.length, asked);
  assert.deepEqual(page.left, []);
});

test("Python that comes while an answer is on its way", async () => {
  let answer;
  const page = open({ server: () => new Promise((done) => (answer = done)) });
  await page.advance(8001);
  page.checkout.attach(() => {});
  answer({ body: snapshot(9, "succeeded", { redirect: "/x" }) });
  await page.advance(60_000);
  assert.deepEqual(page.left, []);
  assert.equal(page.requests.length, 1);
});

test("an engine that dies later: the event in its hand is not lost", async () => {
  const page = open();
  page.checkout.attach(() => { throw new Error("memory access out of bounds"); });
  page.checkout.say("approved", { id: "pay_1" });
  await page.settle();
  assert.deepEqual(page.requests.filter((r) => r.startsWith("POST")), ['POST /r {"ref":"pay_1"}']);
  await page.advance(10_000);
  assert.ok(page.requests.filter((r) => r == "GET /s").length > 3);
});

test("a frame without Python asks its parent to leave", async () => {
  const body = snapshot(2, "succeeded", { redirect: "https://store.example/" });
  const page = open({ view: "embed", framed: true, server: () => ({ body }) });
  await page.advance(9000);
  assert.deepEqual(page.posted, [[{ v: 1, type: "redirect", url: "https://store.example/" }, "https://store.example"]]);
  assert.deepEqual(page.left, []);
});

test("a payment that was not there yet brings a new page", async () => {
  const more = { incomplete: true };
  const page = open({ more, snapshot: snapshot(1, "open", { payable: false }), server: () => ({ body: snapshot(2) }) });
  await page.advance(8500);
  assert.equal(page.reloads, 1);
  const hostedOnly = open({ more, server: () => ({ body: snapshot(2) }) });
  await hostedOnly.advance(20_000);
  assert.equal(hostedOnly.reloads, 0);
});

test("who came for the receipt is not sent away", async () => {
  const page = open({ more: { left: true }, server: () => ({ body: snapshot(2, "succeeded", { redirect: "/x" }) }) });
  await page.advance(20_000);
  assert.deepEqual(page.left, []);
});

test("an engine that falls silent between two events is given up", async () => {
  const page = open();
  let alive = true;
  const tick = () => {
    if (!alive) return; // died in its own timer: nobody hears of it
    page.checkout.beat();
    page.window.setTimeout(tick, 1000);
  };
  page.checkout.attach(() => {});
  tick();
  await page.advance(60_000);
  assert.deepEqual(page.requests, []);
  alive = false;
  page.server = () => ({ body: snapshot(2, "processing") });
  await page.advance(9000);
  assert.deepEqual(page.requests, [], "it was given up too soon");
  await page.advance(12_000);
  assert.ok(page.requests.filter((r) => r == "GET /s").length > 1);
  assert.deepEqual(page.shown(), ["processing"]);
  page.checkout.say("approved", { id: "pay_1" });
  await page.settle();
  assert.ok(page.requests.includes('POST /r {"ref":"pay_1"}'), "the dead engine was given the event");
});

test("a page that slept is not taken for a dead engine", async () => {
  const page = open();
  page.checkout.attach(() => {});
  page.checkout.beat();
  await page.advance(9000); // less than two looks: a throttled or sleeping page runs each timer once
  page.checkout.beat();
  await page.advance(9000);
  assert.deepEqual(page.requests, []);
});

test("boot writes the glue, byte by byte", async () => {
  const glue = { "checkout_ui/__init__.py": "", "shop.mpy": "M\x06\x00\xff" };
  const page = open({ server: (_, url) => ({ body: url == "/glue.json" ? glue : snapshot() }) });
  page.run("boot/start.js");
  const written = [];
  const FS = { mkdirTree: (name) => written.push(name), writeFile: (name, bytes) => written.push([name, [...bytes]]) };
  let code;
  await page.checkout.boot(async (data, install) => (code = await install(FS)));
  assert.deepEqual(written, ["/glue/checkout_ui", ["/glue/checkout_ui/__init__.py", []], "/glue/", ["/glue/shop.mpy", [77, 6, 0, 255]]]);
  assert.match(code, /checkout_ui\.main/);
  assert.ok(!page.requests.includes("GET /s"));
});

for (const [name, load] of [
  ["throws", () => { throw new Error("CompileError"); }],
  ["rejects", async () => { throw new Error("CompileError"); }],
]) {
  test(`an engine that ${name} while it starts is reported`, async () => {
    const page = open();
    page.run("boot/start.js");
    await page.checkout.boot(load);
    await page.settle();
    assert.ok(page.requests.includes("GET /s"));
    const [heard, take] = recorder();
    page.checkout.attach(take);
    assert.deepEqual(heard, [["engine_failed", { reason: "Error: CompileError" }]]);
  });
}

test("the engine waits until the component was painted, or for a second", async () => {
  const started = [];
  const start = (loading) => {
    const page = open();
    if (loading) page.named.component.dataset.state = "loading";
    page.run("boot/start.js");
    page.value("calm").then(() => started.push(page));
    return page;
  };
  const without = start(false);
  const never = start(true);
  const painted = start(true);
  for (const page of [without, never, painted]) await page.advance(500);
  assert.deepEqual(started, [without]);
  painted.named.component.observer();
  await painted.advance(1);
  assert.deepEqual(started, [without, painted]);
  await never.advance(600);
  assert.deepEqual(started, [without, painted, never]);
});

test("ask never rejects", async () => {
  const page = open({ server: () => { throw null; } });
  assert.equal(await page.checkout.ask("GET", "/s"), '[0,0,"null"]');
});

test("a late script that fails takes nothing from a component that is there", async () => {
  const page = open();
  page.checkout.mount(({ mounted }) => mounted());
  await page.settle();
  page.fire("error", { target: { tagName: "SCRIPT", type: "", src: "https://js.provider.example/late.js" } });
  assert.equal(page.named.component.dataset.state, "mounted");
});
