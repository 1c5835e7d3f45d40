// A store built with React. Without JSX, which would have to be compiled: what it stands for is the same.
import { createElement, createRoot, useState } from "/library.js";

const { first, second } = document.body.dataset;

function Store() {
  const [shown, show] = useState(true);
  const [order, choose] = useState(); // not known at once: its session is still being made
  const [heard, hear] = useState("");
  const [over, finish] = useState(false);
  const button = (name, onClick) => createElement("button", { onClick }, name);
  const pick = (url) => () => {
    choose(url);
    show(true);
  };
  return [
    button("First order", pick(first)),
    button("Second order", pick(second)),
    button("Hide", () => show(false)),
    createElement("output", {}, heard),
    over && createElement("h2", {}, "Thank you"),
    shown &&
      !over &&
      createElement("checkout-embed", {
        "session-url": order,
        label: "Checkout",
        "oncheckout:status": ({ detail }) => hear(detail.status),
        "oncheckout:redirect": (event) => {
          event.preventDefault();
          finish(true);
        },
      }),
  ].map((child, key) => createElement("div", { key }, child));
}

createRoot(document.querySelector("main")).render(createElement(Store));
