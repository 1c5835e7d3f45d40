// The self-test of an app's WebView: checkout_server/selftest.py. It runs twice, as a script, which does all this, and as a
// module, which shows that modules run.
(() => {
  const { currentScript: me } = document;
  if (!me) return; // the module
  const { server, events, opened } = me.dataset;
  const PATIENCE_MS = 5000; // for what comes from the server
  const PRESSED_MS = 2500; // for what an app does with a link
  const WORDS = {
    works: ["Works", "check", "good"],
    less: ["Works with less", "diamond", "care"],
    fails: ["Does not work", "octagon", "bad"],
    look: ["You judge", "eye", "wait"],
    busy: ["Looking", "hourglass", "wait"],
    todo: ["Not yet", "minus", ""],
    out: ["Not tried", "minus", ""],
  };
  // As checkout_ui/runtime.py has them.
  const FLUTTER = "flutter_inappwebview";
  const APPS = ["ReactNativeWebView", "webkit.messageHandlers.checkout", "CheckoutHost", FLUTTER];

  const $ = (id) => document.getElementById(id);
  const rows = [...document.querySelectorAll("[data-check]")];
  const row = (key) => $(`check-${key}`);
  const titled = (key) => row(key).querySelector(".name").textContent.trim().replace(/\s+/g, " ");
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const since = (began) => `${Math.round(performance.now() - began)} ms`;
  const checks = {};
  for (const { dataset, lastElementChild } of rows)
    checks[dataset.check] = { result: dataset.result, says: lastElementChild.querySelector(".says").textContent.trim() };

  const show = (key, result, says) => {
    checks[key] = { result, says };
    const [word, icon, tone] = WORDS[result];
    const to = row(key);
    Object.assign(to.dataset, { result, tone });
    to.querySelector("use").setAttribute("href", `#i-${icon}`);
    to.querySelector(".word").textContent = `${word}.`;
    to.querySelector(".says").textContent = says;
    write();
  };
  const announce = (text) => ($("announce").textContent = text);

  // The report: as text on the page, and as a message in the app's log.
  const write = () => {
    const lines = Object.entries(checks).map(([key, { result, says }]) => `${key}: ${WORDS[result][0]}. ${says}`.trim());
    const head = [document.title, location.href, new Date().toISOString(), navigator.userAgent];
    if ($("report")) $("report").value = [...head, "", ...lines].join("\n");
  };
  const apps = () =>
    APPS.map((path) => [path, path.split(".").reduce((at, name) => at?.[name], window)]).filter(([, app]) => app);
  const tell = (message) => {
    const text = JSON.stringify({ v: 1, ...message });
    return Promise.all(
      apps().map(async ([path, app]) => {
        try {
          const answer = path == FLUTTER ? app.callHandler("checkout", text) : app.postMessage(text);
          await Promise.race([answer, pause(1000)]);
          return { path };
        } catch (error) {
          return { path, error };
        }
      }),
    );
  };
  const report = () => tell({ type: "report", checks });

  const push = () =>
    new Promise((done) => {
      const began = performance.now();
      const source = new EventSource(events);
      const end = (result, says) => {
        source.close();
        done([result, says]);
      };
      const polled = (why) => end("less", `${why} A checkout asks every few seconds instead (polled).`);
      source.addEventListener("snapshot", () => end("works", `One came after ${since(began)}.`));
      source.onerror = () => polled("The stream was refused or broke off.");
      setTimeout(polled, PATIENCE_MS, "None came in 5 s: something on the way holds streams back.");
    });

  const bridge = async () => {
    const told = await tell({ type: "test" });
    const refused = told.find(({ error }) => error);
    const names = told.map(({ path }) => path).join(", ");
    if (refused) return ["fails", `${refused.path} did not take a message: ${refused.error}`];
    if (names) return ["works", `${names} took {"v":1,"type":"test"}; see your app's log.`];
    return ["less", "None is there: your app hears nothing, and learns of the end by the return link alone."];
  };

  const viewport = () => {
    const { paddingTop, paddingRight, paddingBottom, paddingLeft } = getComputedStyle($("safe"));
    const safe = [paddingTop, paddingRight, paddingBottom, paddingLeft].map(parseFloat).join(", ");
    const says = `${innerWidth} × ${innerHeight} px, pixel ratio ${devicePixelRatio}; kept free at the top, right, bottom and left: ${safe} px.`;
    return innerWidth < 320 ? ["look", `${says} The checkout is made for 320 px and more.`] : ["works", says];
  };

  const AUTOMATIC = {
    javascript: () => ["works", "This page's script runs."],
    modules: async () => {
      try {
        await import(me.src);
        return ["works", "One was loaded."];
      } catch (error) {
        return ["less", `None was loaded (${error}). Python does not start; the page works without, by its bridge.`];
      }
    },
    wasm: async () => {
      try {
        await WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)); // the smallest module there is
        return ["works", "Python in the browser can run."];
      } catch (error) {
        return ["less", `Python cannot run here (${error}). The page works without, by its bridge.`];
      }
    },
    server: async () => {
      const began = performance.now();
      const { ok, status } = await fetch(server, { cache: "no-store", signal: AbortSignal.timeout?.(PATIENCE_MS) });
      return ok ? ["works", `It answered in ${since(began)}.`] : ["fails", `It answered with ${status}.`];
    },
    push,
    bridge,
    secure: () =>
      isSecureContext
        ? ["works", "The clipboard may be used."]
        : ["less", "This page did not come by https: what would be copied is selected instead."],
    viewport,
  };

  const check = async (key) => {
    show(key, "busy", "…");
    show(key, ...(await new Promise((done) => done(AUTOMATIC[key]())).catch((error) => ["fails", String(error)])));
  };

  // What became of a press. A page sees that it stayed, that it was hidden and seen again, or that it was replaced; what it
  // knew is in the history's entry then, for nothing is stored.
  let pressed, given, left, timer, leaving, hidden, blurred;
  const remember = () => history.replaceState({ pressed, checks }, "");
  const settle = (result, says) => {
    clearTimeout(timer);
    show(pressed, result, says);
    announce(`${titled(pressed)}: ${WORDS[result][0]}. ${says}`);
    pressed = undefined;
    remember();
    report();
  };
  const look = () => {
    // Hidden, on its way out, or behind a question that the system asks first: it is not over yet.
    if (!pressed || document.hidden || leaving || (blurred && !left)) return;
    const { stayedIs, stayed, leftIs, left: came } = row(pressed).dataset;
    left ? settle(leftIs, came) : settle(stayedIs, stayed + given);
  };
  const replaced = () => settle("fails", `This link replaced the page: rule ${row(pressed).dataset.rule} is missing.`);

  document.addEventListener("click", ({ target }) => {
    const control = target.closest("[data-press]");
    if (!control) return;
    clearTimeout(timer);
    if (pressed) show(pressed, "todo", "Another was pressed before this one was over.");
    pressed = control.dataset.press;
    left = blurred = false;
    given = "";
    show(pressed, "busy", "Looking what happens.");
    remember();
    timer = setTimeout(look, PRESSED_MS);
    if (control.tagName != "BUTTON") return;
    given = open(control.dataset.url) ? " window.open gave a window." : " window.open gave none.";
  });

  const seen = () => {
    const seconds = Math.round((performance.now() - hidden) / 1000);
    hidden = undefined;
    show("foreground", "works", `Hidden, and seen again after ${seconds} s.`);
    pressed ? look() : (remember(), report());
  };
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) return hidden && seen();
    if (leaving) return; // hidden because another page takes its place
    hidden = performance.now();
    left = true;
  });
  addEventListener("blur", () => (blurred = true));
  addEventListener("focus", () => {
    if (!blurred) return;
    blurred = false;
    if (pressed) timer = setTimeout(look, PRESSED_MS);
    else if (checks.foreground?.result == "todo")
      show("foreground", "look", "The focus left and came back, and the page was not hidden. If you left the app, tell the view: on Android, onPause and onResume.");
  });
  addEventListener("pagehide", () => (leaving = true));
  addEventListener("pageshow", ({ persisted }) => {
    leaving = false;
    if (persisted && pressed) replaced();
  });

  const restore = () => {
    const [entry] = performance.getEntriesByType("navigation");
    if (entry?.type != "back_forward" || !history.state) return;
    for (const [key, { result, says }] of Object.entries(history.state.checks))
      if (row(key) && !AUTOMATIC[key]) show(key, result, says);
    pressed = history.state.pressed;
    if (pressed) replaced();
  };

  $("copy")?.addEventListener("click", async () => {
    const text = $("report");
    let copied;
    try {
      await navigator.clipboard.writeText(text.value);
      copied = true;
    } catch {
      text.select();
      copied = document.execCommand("copy"); // pages without https have nothing newer
    }
    $("copied").textContent = copied ? "Copied." : "Selected: copy it by hand.";
  });

  const all = async () => {
    await Promise.all(Object.keys(AUTOMATIC).map(check));
    announce("The checks that need no press are done.");
    remember();
    report();
  };
  addEventListener("flutterInAppWebViewPlatformReady", () => !opened && check("bridge").then(report)); // comes after the page

  if (opened) {
    if (apps().length) show("opened", "fails", `This is still your app: rule ${row("opened").dataset.rule} is missing.`);
    report();
  } else {
    restore();
    all();
  }
})();
