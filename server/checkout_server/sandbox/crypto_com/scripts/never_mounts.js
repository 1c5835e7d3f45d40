/* The fault "never_mounts": the script loads, has every call, and draws nothing. */
window.cryptopay = {
  Button() {
    return { render() {} };
  },
};
