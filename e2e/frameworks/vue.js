// A store built with Vue. Without templates, which need a compiler: what they stand for is the same.
import { createApp, h, ref } from "/library.js";

const { first, second } = document.body.dataset;

const Store = {
  setup() {
    const shown = ref(true);
    const order = ref(); // not known at once: its session is still being made
    const heard = ref("");
    const over = ref(false);
    const pick = (url) => () => {
      order.value = url;
      shown.value = true;
    };
    const finish = (event) => {
      event.preventDefault();
      over.value = true;
    };
    return () => [
      h("button", { onClick: pick(first) }, "First order"),
      h("button", { onClick: pick(second) }, "Second order"),
      h("button", { onClick: () => (shown.value = false) }, "Hide"),
      h("output", heard.value),
      over.value && h("h2", "Thank you"),
      shown.value &&
        !over.value &&
        h("checkout-embed", {
          "session-url": order.value,
          label: "Checkout",
          "onCheckout:status": ({ detail }) => (heard.value = detail.status),
          "onCheckout:redirect": finish,
        }),
    ];
  },
};

createApp(Store).mount("main");
