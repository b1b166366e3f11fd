import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist"] },
  {
    files: ["lib/**/*.{ts,mts}", "test/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: "./tsconfig.lint.json" } },
    rules: {
      // A class of its own for each kind of error is the point of them.
      "@typescript-eslint/no-extraneous-class": "off",
    },
  },
);
