import assert from "node:assert/strict";
import { test } from "node:test";

import { open } from "./page.mjs";

const ADDRESS = "0x1234567890123456789012345678901234567890";

// Two rows of the component, as templates/providers/cryptopay.html writes them.
async function rows({ clipboard, execCommand } = {}) {
  const page = open({ component: { address: ADDRESS } });
  const heard = [];
  page.checkout.attach((type, text) => heard.push([type, JSON.parse(text)]));
  page.named["pay-address"] = { textContent: ADDRESS };
  page.named["pay-amount"] = { textContent: "25" };
  const button = (of) => ({
    textContent: "Copy",
    dataset: { of, copied: "Copied" },
    addEventListener(type, fn) { this[type] = fn; },
  });
  const buttons = [button("pay-amount"), button("pay-address")];
  page.named.component.querySelectorAll = () => buttons;
  const wallet = { ...button("nothing"), offsetParent: {} };
  page.named.component.querySelector = () => wallet;
  const selected = [];
  page.window.navigator = { clipboard };
  page.window.document.createRange = () => ({ selectNodeContents(node) { this.node = node; } });
  page.window.document.execCommand = execCommand;
  page.window.getSelection = () => ({ removeAllRanges() {}, addRange: (range) => selected.push(range.node.textContent) });
  page.run("providers/cryptopay.js");
  await page.settle();
  return { page, heard, buttons, wallet, selected };
}

test("what stands in the page counts as mounted", async () => {
  const { page, heard } = await rows();
  assert.deepEqual(heard, [["mounted", {}]]);
  assert.equal(page.named.component.dataset.state, "mounted");
  await page.advance(60_000);
  assert.equal(page.named.component.dataset.state, "mounted");
});

test("a button copies exactly what stands beside it, says so, and is a copy button again", async () => {
  const written = [];
  const { page, buttons } = await rows({ clipboard: { writeText: async (text) => void written.push(text) } });
  for (const button of buttons) await button.click();
  assert.deepEqual(written, ["25", ADDRESS]);
  assert.deepEqual(buttons.map((button) => button.textContent), ["Copied", "Copied"]);
  assert.equal(page.named.announce.textContent, "Copied");
  await page.advance(2000);
  assert.deepEqual(buttons.map((button) => button.textContent), ["Copy", "Copy"]);
  assert.equal(page.named.announce.textContent, "");
});

test("a second press starts the time anew", async () => {
  const { page, buttons } = await rows({ clipboard: { writeText: async () => {} } });
  await buttons[1].click();
  await page.advance(1500);
  await buttons[1].click();
  await page.advance(1500);
  assert.equal(buttons[1].textContent, "Copied");
  await page.advance(500);
  assert.equal(buttons[1].textContent, "Copy");
});

for (const [name, clipboard] of [
  ["there is no clipboard", undefined],
  ["the frame may not use it", { writeText: async () => { throw new Error("NotAllowedError"); } }],
]) {
  test(`where ${name}, the old way is taken`, async () => {
    const commands = [];
    const { buttons, selected } = await rows({ clipboard, execCommand: (command) => (commands.push(command), true) });
    await buttons[1].click();
    assert.deepEqual([selected, commands], [[ADDRESS], ["copy"]]);
    assert.equal(buttons[1].textContent, "Copied");
  });
}

test("where nothing can be copied it is selected, and nothing is claimed", async () => {
  for (const execCommand of [() => false, undefined]) {
    const { page, buttons, selected } = await rows({ execCommand });
    await buttons[1].click();
    assert.deepEqual(selected, [ADDRESS]);
    assert.equal(buttons[1].textContent, "Copy");
    assert.equal(page.named.announce.textContent, "");
  }
});

test("a wallet that does not open is noticed, one that does is left alone", async () => {
  const { page, heard, wallet } = await rows();
  wallet.click();
  page.fire("visibilitychange", {});
  await page.advance(60_000);
  assert.deepEqual(heard, [["mounted", {}]]);
  wallet.click();
  await page.advance(2500);
  assert.deepEqual(heard.at(-1), ["help", { key: "no_wallet" }]);
  wallet.click();
  wallet.offsetParent = null; // what was to be paid is paid
  heard.length = 0;
  await page.advance(2500);
  assert.deepEqual(heard, []);
});
