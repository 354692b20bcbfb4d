import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "**/dist/**",
      "**/node_modules/**",
      "compiler/test/fixtures/**",
      "**/*.pgl.ts",
      "coverage/**",
      "**/.cache*/**",
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ["**/*.ts", "**/*.mjs", "**/*.js"],
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-redeclare": "off",
      eqeqeq: "error",
    },
  },
  { files: ["**/test/**"], rules: { "@typescript-eslint/no-non-null-assertion": "off" } },
);
