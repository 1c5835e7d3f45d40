/* The fault "never_mounts": the module loads and defines nothing. */
export {};
