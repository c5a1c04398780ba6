import { defineConfig } from "vitest/config";

// `npm run dev` shows the workbench with the data of a running `keniki serve` or `keniki demo`.
const server = "http://127.0.0.1:8080";

export default defineConfig({
  base: "./",
  build: { target: "es2022", sourcemap: false, chunkSizeWarningLimit: 2000 },
  worker: { format: "es" },
  server: { proxy: { "/api": server, "/tiles": server, "/files": server } },
  test: { include: ["test/**/*.test.ts"] },
});
