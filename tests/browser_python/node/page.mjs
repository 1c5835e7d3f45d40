// As much of a browser as static/*.js asks for: page.md's elements, a clock moved by hand, a server as a function.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

const STATIC = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../../static");
const PANELS = ["open", "checking", "unavailable", "declined", "already_paid", "processing", "succeeded"];

export const snapshot = (version = 1, status = "open", more = {}) => ({
  status, version, payable: status == "open", final: status == "succeeded", paid: status == "succeeded",
  redirect: null, redirect_after_ms: 0, text: {}, ...more,
});

class Element {
  constructor(tagName, { id = "", dataset = {}, text = "", hidden = false, children = [] } = {}) {
    Object.assign(this, { tagName, id, dataset, hidden, children, attributes: new Set(), textContent: text });
  }
  toggleAttribute(name, on) {
    this.attributes[on ? "add" : "delete"](name);
  }
  append(child) {
    this.children.push(child);
    this.observer?.();
  }
  querySelector() {
    return this.children[0];
  }
}

export function open({ component = {}, snapshot: first = snapshot(), view = "page", framed = false, without = [], more = {}, server } = {}) {
  const data = {
    provider: "crypto_com", view, component, snapshot: first, host_origins: ["https://store.example"],
    urls: { status: "/s", events: "/e", refresh: "/r" },
    limits: { engine_ms: 8000, mount_ms: 6000, poll_ms: 3000 },
    words: { open_popup: "Close the other.", blocked_popup: "Blocked." },
    assets: { glue: "/glue.json", engine: "/static/vendor/x/" },
    ...more,
  };
  const named = Object.fromEntries(
    ["checkout", "component", "hosted", "pay", "countdown", "progress", "announce", "help", "continue"]
      .filter((id) => !without.includes(id))
      .map((id) => [id, new Element("DIV", { id })]),
  );
  named["checkout-data"] = new Element("SCRIPT", { text: JSON.stringify(data) });
  const sections = PANELS.map((panel) => new Element("SECTION", {
    dataset: { panel }, hidden: panel != "open", children: [new Element("H1", { text: `headline of ${panel}` })],
  }));
  const slots = [new Element("B", { dataset: { text: "received" }, text: "nothing" })];

  const document = {
    getElementById: (id) => named[id] ?? null,
    querySelectorAll: (selector) => {
      if (selector == "[data-text]") return slots;
      if (selector == "section[data-panel]") return sections;
      return [named[selector.slice(1)]].filter(Boolean);
    },
    querySelector: (selector) => sections.find((section) => selector == `section[data-panel="${section.dataset.panel}"]`) ?? null,
  };

  const timers = new Map();
  let now = 0, ids = 0;
  const listeners = {};
  const page = {
    named, sections, slots, requests: [], left: [], reloads: 0, posted: [], errors: [], data,
    server: server ?? (() => ({ status: 200, body: data.snapshot })),
    shown: () => sections.filter((section) => !section.hidden).map((section) => section.dataset.panel),
    fire: (type, event) => (listeners[type] ?? []).forEach((fn) => fn(event)),
    listeners,
  };

  const window = {
    document, console: { error: (...args) => page.errors.push(args.map(String).join(" ")) },
    origin: "https://pay.example", AbortSignal: { timeout: () => undefined }, URL,
    location: { replace: (url) => page.left.push(url), reload: () => page.reloads++ },
    addEventListener: (type, fn) => (listeners[type] ??= []).push(fn),
    setTimeout: (fn, ms, ...args) => (timers.set(++ids, { at: now + (ms || 0), fn: () => fn(...args) }), ids),
    setInterval: (fn, ms) => {
      const again = () => (fn(), timers.set(++ids, { at: now + ms, fn: again }));
      timers.set(++ids, { at: now + ms, fn: again });
    },
    clearTimeout: (id) => void timers.delete(id),
    fetch: async (url, { method = "GET", body } = {}) => {
      page.requests.push(body ? `${method} ${url} ${body}` : `${method} ${url}`);
      const { status = 200, body: answer = {}, wait } = await page.server(method, url, body);
      const text = typeof answer == "string" ? answer : JSON.stringify(answer);
      return { status, headers: { get: () => wait ?? null }, text: async () => text, json: async () => JSON.parse(text) };
    },
    requestAnimationFrame: (fn) => window.setTimeout(fn, 0), Uint8Array,
    MutationObserver: class {
      constructor(fn) { this.fn = fn; }
      observe(element) { element.observer = () => this.fn([], this); }
      disconnect() {}
    },
  };
  window.window = window;
  window.parent = framed ? { postMessage: (text, host) => page.posted.push([JSON.parse(text), host]) } : window;
  page.window = window;
  const context = vm.createContext(window);
  window.parent = framed ? window.parent : vm.runInContext("globalThis", context);
  vm.runInContext("window = globalThis", context);
  page.run = (name) => vm.runInContext(fs.readFileSync(path.join(STATIC, name), "utf8"), context, { filename: name });

  page.value = (code) => vm.runInContext(code, context);

  const settle = async () => {
    for (let turn = 0; turn < 20; turn++) await null;
    await new Promise(setImmediate);
  };
  page.settle = settle;
  page.advance = async (ms) => {
    const end = now + ms;
    await settle();
    for (;;) {
      const due = [...timers].filter(([, timer]) => timer.at <= end).sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0];
      if (!due) break;
      timers.delete(due[0]);
      now = Math.max(now, due[1].at);
      due[1].fn();
      await settle();
    }
    now = end;
  };
  page.run("bridge.js");
  page.checkout = window.checkout;
  return page;
}
