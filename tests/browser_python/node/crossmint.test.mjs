import assert from "node:assert/strict";
import { test } from "node:test";

import { open } from "./page.mjs";

const ORIGIN = "https://staging.crossmint.com";
const LIGHT = `${ORIGIN}/sdk/embedded-checkout?orderId=o_1&clientSecret=first`;
const DARK = `${LIGHT}&dark`;
const HOSTED = `${ORIGIN}/sdk/hosted-checkout/o_1?clientSecret=first&apiKey=ck_staging_x`;

// The frame is a window of another origin: it hears what is posted to it and says what a test has it say.
async function frame({ dark = false, component = {}, view = "page" } = {}) {
  const page = open({ component: { order_id: "o_1", frame_url: LIGHT, frame_url_dark: DARK, ...component }, view });
  const posted = [];
  const iframe = {
    style: {},
    contentWindow: { postMessage: (message, origin) => posted.push([message, origin]) },
    set src(url) {
      this.address = url;
      this.listened = (page.listeners.message ?? []).length > 0;
    },
  };
  page.named.component.querySelector = () => iframe;
  page.named.hosted.href = HOSTED;
  page.window.matchMedia = () => ({ matches: dark });
  const heard = [];
  page.checkout.attach((type, text) => heard.push([type, JSON.parse(text)]));
  page.run("providers/crossmint.js");
  await page.settle();
  const says = (event, data, more = {}) =>
    page.fire("message", { origin: ORIGIN, source: iframe.contentWindow, data: { event, data }, ...more });
  return { page, iframe, posted, heard, says };
}

test("it listens before the frame has an address", async () => {
  const { iframe, page } = await frame();
  assert.equal(iframe.address, LIGHT);
  assert.ok(iframe.listened);
  assert.equal(page.named.component.dataset.state, undefined);
});

test("a dark page has a dark frame", async () => {
  const { iframe } = await frame({ dark: true });
  assert.equal(iframe.address, DARK);
});

test("the first word is that it is there, once", async () => {
  const { heard, says, page } = await frame();
  says("some:event", {});
  says("some:event", {});
  assert.deepEqual(heard, [["mounted", {}]]);
  assert.equal(page.named.component.dataset.state, "mounted");
});

test("a frame that says nothing gives way", async () => {
  const { page } = await frame();
  await page.advance(7000);
  assert.equal(page.named.component.dataset.state, "failed");
});

test("and is taken back when it speaks after all", async () => {
  const { page, says } = await frame();
  await page.advance(7000);
  says("ui:height.changed", { height: 400 });
  assert.equal(page.named.component.dataset.state, "mounted");
});

test("its height is followed within bounds", async () => {
  const { iframe, says, page } = await frame();
  says("ui:height.changed", { height: 512.3 });
  assert.equal(iframe.style.blockSize, "513px");
  assert.ok(!page.named.component.attributes.has("data-small"));
  for (const height of [0, -5, NaN, Infinity, 1e9, "tall", null, {}, undefined]) says("ui:height.changed", { height });
  says("ui:height.changed", null);
  says("ui:height.changed");
  assert.equal(iframe.style.blockSize, "513px");
  says("ui:height.changed", { height: 180 });
  assert.equal(iframe.style.blockSize, "180px");
  assert.ok(page.named.component.attributes.has("data-small"));
});

test("origin and source both count", async () => {
  const { iframe, heard, says } = await frame();
  says("ui:height.changed", { height: 900 }, { origin: "https://evil.example" });
  says("ui:height.changed", { height: 900 }, { origin: "https://www.crossmint.com" });
  says("ui:height.changed", { height: 900 }, { source: {} }); // a second frame of the same provider
  says("order:updated", { order: { payment: { status: "completed" } } }, { source: null });
  assert.equal(iframe.style.blockSize, undefined);
  assert.deepEqual(heard, []);
});

test("what is no message is nothing", async () => {
  const { heard, says, page } = await frame();
  for (const data of [null, undefined, 5, "{", "5", [], {}, { event: 7 }, { event: null }]) says("", {}, { data });
  for (const name of ["toString", "constructor", "__proto__", "hasOwnProperty"]) says(name, {});
  assert.deepEqual(heard, [["mounted", {}]]);
  assert.deepEqual(page.errors, []);
});

test("JSON text is a message, too, as in a WebView", async () => {
  const { iframe, says } = await frame();
  says("", {}, { data: JSON.stringify({ event: "ui:height.changed", data: { height: 321 } }) });
  assert.equal(iframe.style.blockSize, "321px");
});

test("a change of the order is told once", async () => {
  const { heard, says } = await frame();
  const order = { orderId: "o_1", phase: "payment", payment: { status: "requires-email" } };
  says("order:updated", { order });
  says("order:updated", { order });
  says("order:updated", { order: { ...order, payment: { status: "awaiting-payment" } } });
  says("order:updated", { order: { ...order, payment: { status: "awaiting-payment", failureReason: { code: "declined" } } } });
  assert.deepEqual(heard.slice(1), Array(3).fill(["updated", { id: "o_1" }]));
});

test("a payment is a claim, for the server to look at", async () => {
  const { heard, says } = await frame();
  says("order:updated", { order: { orderId: "o_1", phase: "delivery", payment: { status: "completed" } } });
  assert.deepEqual(heard.at(-1), ["approved", { id: "o_1" }]);
});

test("another order is none of ours", async () => {
  const { heard, says } = await frame();
  says("order:updated", { order: { orderId: "o_2", payment: { status: "completed" } }, orderClientSecret: "theirs" });
  says("order:updated", { order: "o_1" });
  assert.deepEqual(heard, [["mounted", {}]]);
});

test("a new secret is kept, and an update without one keeps the old", async () => {
  const { says, page } = await frame();
  const secret = () => new URL(page.named.hosted.href).searchParams.get("clientSecret");
  says("order:updated", { order: { orderId: "o_1" } });
  assert.equal(secret(), "first");
  says("order:updated", { orderClientSecret: "se+co/nd=" });
  assert.equal(secret(), "se+co/nd=");
  for (const orderClientSecret of ["", null, 5, undefined]) says("order:updated", { orderClientSecret });
  assert.equal(secret(), "se+co/nd=");
  assert.equal(new URL(page.named.hosted.href).searchParams.get("apiKey"), "ck_staging_x");
});

for (const data of [{ errorMessage: "no stock" }, { message: "no stock" }]) {
  test(`a creation that failed gives way, told by ${Object.keys(data)}`, async () => {
    const { heard, says, page } = await frame();
    says("order:creation-failed", data);
    assert.equal(page.named.component.dataset.state, "failed");
    assert.deepEqual(heard.at(-1), ["mount_failed", { reason: "no stock" }]);
  });
}

test("wallets are answered as by a page that has none", async () => {
  const { posted, says } = await frame();
  const no = { error: "No payer configured" };
  says("crypto:load", {});
  says("crypto:connect-wallet.show", { show: true });
  says("crypto:connect-wallet.show", { show: false });
  says("crypto:send-transaction", { chain: "base", serializedTransaction: "0x" });
  says("crypto:sign-message", { message: "hello" });
  assert.deepEqual(
    JSON.parse(JSON.stringify(posted)),
    [
      ["crypto:load.success", {}],
      ["crypto:connect-wallet.failed", no],
      ["crypto:send-transaction:failed", no],
      ["crypto:sign-message:failed", no],
    ].map(([event, data]) => [{ event, data }, ORIGIN]),
  );
});

test("the hosted page opens beside this one, which goes on looking", async () => {
  const { page } = await frame();
  assert.equal(page.named.hosted.target, "_blank");
  assert.equal(page.named.hosted.rel, "noopener");
});

test("within an app, which may have no second window, it takes the place of this one", async () => {
  const { page } = await frame({ view: "webview" });
  assert.equal(page.named.hosted.target, undefined);
});
