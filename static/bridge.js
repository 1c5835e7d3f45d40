// See docs/browser-python.md. At most 2.5 kB gzipped.
(() => {
  const $ = (id) => document.getElementById(id);
  const each = (selector, fn) => document.querySelectorAll(selector).forEach(fn);
  const data = JSON.parse($("checkout-data").textContent);
  const { urls, limits } = data;
  const component = $("component");

  const queue = [];
  let take, draining, fallback, acted;

  const safe = (fn, ...args) => {
    try {
      return [null, fn(...args)];
    } catch (error) {
      return [String(error), null];
    }
  };

  const say = (type, detail) => {
    queue.push([type, safe(JSON.stringify, detail || {})[1] ?? "{}"]);
    if (type == "engine_failed" && !take) startFallback();
    drain();
  };

  const drain = () => {
    if (draining) return; // by `take`
    draining = true;
    while (take && queue.length) {
      const [error] = safe(take, ...queue[0]);
      if (error) dead(error);
      else queue.shift();
    }
    draining = false;
    while (fallback && acted < queue.length) act(...queue[acted++]);
  };

  const dead = (error) => {
    take = undefined;
    console.error(error);
    startFallback();
  };

  // Python's clock beats every second; an engine that died between two events is noticed by its silence.
  let silent;
  const beat = () => (silent = 0);
  setInterval(() => take && ++silent > 2 && dead("silent"), 5e3);

  const attach = (fn) => {
    take = fn;
    fallback = leaving = clearTimeout(leaving);
    clearTimeout(armed);
    clearTimeout(polling);
    drain();
  };

  const ask = async (method, url, body) => {
    try {
      const answer = await fetch(url, {
        method,
        body,
        headers: body ? { "Content-Type": "application/json" } : {},
        cache: "no-store",
        keepalive: method == "POST",
        signal: AbortSignal.timeout?.(15e3),
      });
      return JSON.stringify([answer.status, +answer.headers.get("Retry-After") || 0, await answer.text()]);
    } catch (error) {
      return JSON.stringify([0, 0, String(error)]);
    }
  };

  const framed = parent != window;
  const post = (whom, text, host) => window[whom].postMessage(text, host);

  let mounting;
  const settle = (state) => {
    clearTimeout(mountTimer);
    component.dataset.state = state;
    $("hosted")?.toggleAttribute("data-prominent", state == "failed");
  };
  const mounted = () => {
    settle("mounted");
    say("mounted");
  };
  const failed = (reason) => {
    if (!component || component.dataset.state == "failed") return;
    settle("failed");
    say("mount_failed", { reason: String(reason) });
  };
  const mount = (fn) => {
    if (!mounting && component)
      mounting = Promise.resolve({ element: component, component: data.component, say, mounted, failed }).then(fn).catch(failed);
  };
  const mountTimer = setTimeout(failed, limits.mount_ms, "time");
  addEventListener(
    "error",
    ({ target: { tagName, src, type } }) => {
      if (tagName != "SCRIPT") return;
      if (type == "module" && src.startsWith(origin)) say("engine_failed", { reason: src });
      else if (component?.dataset.state != "mounted") failed(src);
    },
    true,
  );

  let polling, leaving, quick;

  const panelOf = ({ status, paid, already_paid, unavailable, checking, failure }) => {
    const shade = unavailable ? "unavailable" : checking || quick ? "checking" : failure ? "declined" : status;
    const panel = already_paid && !paid ? "already_paid" : status == "open" ? shade : status;
    return document.querySelector(`section[data-panel="${panel}"]`) ? panel : "checking";
  };

  const show = (snapshot) => {
    if (snapshot.version < data.snapshot.version) return;
    if (data.incomplete && snapshot.payable && !data.snapshot.payable) return location.reload();
    data.snapshot = snapshot;
    checkout.shown?.(snapshot);
    const { status, text, redirect } = snapshot;
    const panel = ($("checkout").dataset.panel = panelOf(snapshot));
    const open = /open|declined/.test(panel);
    each("[data-text]", (slot) => (slot.textContent = text?.[slot.dataset.text] ?? slot.textContent));
    each("section[data-panel]", (section) => {
      const hidden = section.dataset.panel != panel;
      if (section.hidden && !hidden) each("#announce", (node) => (node.textContent = section.querySelector("h1,h2")?.textContent));
      section.hidden = hidden;
    });
    each("#pay", (node) => (node.hidden = !open || !snapshot.payable));
    each("#progress", (node) => (node.dataset.step = snapshot.paid || status == "approved" ? 3 : +/process|review/.test(status)));
    if (!redirect) return;
    each("#continue", (link) => (link.href = redirect));
    leaving ??= setTimeout(leave, snapshot.redirect_after_ms, redirect);
  };

  const leave = (url) => {
    if (data.left) return;
    data.left = true;
    if (!framed) return location.replace(url);
    for (const host of data.host_origins) post("parent", JSON.stringify({ v: 1, type: "redirect", url }), host);
  };

  const poll = async () => {
    clearTimeout(polling);
    const [status, wait, body] = JSON.parse(await ask("GET", urls.status));
    if (!fallback) return;
    quick &&= quick - 1;
    if (status == 200) safe(() => show(JSON.parse(body)));
    clearTimeout(polling);
    if (!data.snapshot.final || data.snapshot.telling) polling = setTimeout(poll, wait * 1e3 || (quick ? 1e3 : limits.poll_ms));
  };

  const look = async (ref) => {
    await ask("POST", urls.refresh, ref && JSON.stringify({ ref }));
    if (fallback) poll();
  };

  const act = (type, text) => {
    const { id, key } = JSON.parse(text);
    if (type == "help") each("#help", (node) => (node.hidden = !(node.textContent = data.words[key])));
    if (type != "approved") return;
    quick = 20;
    show(data.snapshot);
    look(id);
  };

  // Back from a wallet, which may have paid.
  addEventListener("visibilitychange", () => fallback && !document.hidden && !data.snapshot.final && look());

  const startFallback = () => {
    if (fallback) return;
    fallback = true;
    acted = 0;
    drain();
    poll();
  };
  const armed = setTimeout(startFallback, limits.engine_ms);

  window.checkout = { data, say, attach, mount, safe, ask, beat, post, framed };
})();
