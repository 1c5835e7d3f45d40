import assert from "node:assert/strict";
import { test } from "node:test";

import { open } from "./page.mjs";

const OLD = "Close Old payment QR Code window then try again";

// The provider's SDK as its document describes it.
async function button(component, { late = 0, open: openWindow = () => ({ closed: false }) } = {}) {
  const page = open({ component });
  const heard = [];
  page.checkout.attach((type, text) => heard.push([type, JSON.parse(text)]));
  page.window.open = openWindow;
  const rendered = [];
  const sdk = {
    Button: (options) => ({
      render: (selector) => {
        rendered.push([selector, options]);
        page.named.component.append({});
      },
    }),
  };
  if (!late) page.window.cryptopay = sdk;
  page.run("providers/crypto_com.js");
  await page.advance(late);
  page.window.cryptopay = sdk;
  await page.advance(100);
  return { page, heard, rendered, options: rendered[0]?.[1] };
}

const fetching = { payment: { fetch: async (id) => ({ id }) } };

test("it renders one button for the server's payment", async () => {
  const { page, heard, rendered, options } = await button({ payment_id: "pay_1", locale: "es-ES" });
  assert.deepEqual(rendered.map(([selector]) => selector), ["#component"]);
  assert.equal(options.defaultLang, "es-ES");
  assert.deepEqual(heard, [["mounted", {}]]);
  assert.deepEqual(await options.createPayment(fetching), { id: "pay_1" });
  assert.equal(page.named.component.dataset.state, "mounted");
});

test("it waits for a late SDK", async () => {
  const { page, rendered } = await button({ payment_id: "pay_1" }, { late: 7000 });
  assert.equal(rendered.length, 1);
  assert.equal(page.named.component.dataset.state, "mounted");
});

test("the browser creates the payment where the server asks for it", async () => {
  const create = { amount: "2500", currency: "USD", description: "A hat", order_id: "cs_1", metadata: { a: "b" } };
  const { heard, options } = await button({ create });
  let sent;
  await options.createPayment({ payment: { create: async (body) => ((sent = body), { id: "pay_9" }) } });
  assert.equal(JSON.stringify(sent), JSON.stringify({ ...create, amount: 2500 }));
  assert.deepEqual(heard.at(-1), ["created", { id: "pay_9" }]);
});

test("an amount beyond 2^53 stays text", async () => {
  const { options } = await button({ create: { amount: "100000000000000000001", currency: "CRO" } });
  let sent;
  await options.createPayment({ payment: { create: async (body) => (sent = body) } });
  assert.equal(sent.amount, "100000000000000000001");
});

for (const [name, data, actions, id] of [
  ["today's builds", { id: "pay_2" }, undefined, "pay_2"],
  ["older builds", undefined, { payment: { fetch: async () => ({ id: "pay_3" }) } }, "pay_3"],
  ["builds that say nothing", undefined, undefined, "pay_1"],
  ["builds whose fetch fails", {}, { payment: { fetch: async () => { throw new Error("x"); } } }, "pay_1"],
]) {
  test(`approved, by ${name}`, async () => {
    const { heard, options } = await button({ payment_id: "pay_1" });
    await options.onApprove(data, actions);
    assert.deepEqual(heard.at(-1), ["approved", { id }]);
  });
}

test("a second window is help, not a failure, wherever it is thrown", async () => {
  const { page, heard, options } = await button({ payment_id: "pay_1" });
  const help = ["help", { key: "open_popup" }];
  await assert.rejects(options.createPayment({ payment: { fetch: async () => { throw new Error(OLD); } } }));
  assert.deepEqual(heard.at(-1), help);
  page.fire("error", { message: `Uncaught Error: ${OLD}`, target: page.window });
  assert.deepEqual(heard.slice(-2), [help, help]);
  page.fire("unhandledrejection", { reason: new Error(OLD) });
  page.fire("unhandledrejection", { reason: undefined });
  page.fire("error", { message: "something else", target: page.window });
  assert.deepEqual(heard.slice(-3), [help, help, help]);
  assert.equal(heard.length, 4);
});

test("an exception of which the browser tells nothing is the old window's, while that is open", async () => {
  const popup = { closed: false };
  const { page, heard } = await button({ payment_id: "pay_1" }, { open: () => popup });
  const muted = () => page.fire("error", { message: "Script error.", target: page.window });
  muted();
  assert.deepEqual(heard.at(-1), ["mounted", {}]);
  page.window.open("https://pay.provider.example");
  muted();
  assert.deepEqual(heard.at(-1), ["help", { key: "open_popup" }]);
  popup.closed = true;
  muted();
  assert.equal(heard.length, 3);
});

test("any other failure is an error, and still the SDK's to handle", async () => {
  const { heard, options } = await button({ payment_id: "pay_1" });
  await assert.rejects(options.createPayment({ payment: { fetch: async () => { throw new Error("offline"); } } }), /offline/);
  assert.deepEqual(heard.at(-1), ["error", { message: "offline" }]);
});

test("a blocked window brings help and the hosted page", async () => {
  const { page, heard } = await button({ payment_id: "pay_1" }, { open: () => null });
  assert.equal(page.window.open("https://pay.provider.example"), null);
  assert.deepEqual(heard.at(-1), ["help", { key: "blocked_popup" }]);
  assert.ok(page.named.hosted.attributes.has("data-prominent"));
});

test("the window's opening and closing are told", async () => {
  const popup = { closed: false };
  const { page, heard } = await button({ payment_id: "pay_1" }, { open: () => popup });
  assert.equal(page.window.open("https://pay.provider.example"), popup);
  await page.advance(3000);
  assert.deepEqual(heard.at(-1), ["opened", {}]);
  popup.closed = true;
  await page.advance(3000);
  assert.deepEqual(heard.slice(1), [["opened", {}], ["closed", {}]]);
});

test("an SDK that never comes gives way", async () => {
  const page = open({ component: { payment_id: "pay_1" } });
  page.run("providers/crypto_com.js");
  await page.advance(120_000);
  assert.equal(page.named.component.dataset.state, "failed");
});
