// `import` and `require` share one copy: an error that one half of a program throws is an instance of the class that
// the other half knows, and the native module is loaded once.

export * from "./index.js";
