import { defineConfig } from "vitest/config";

// `npm run dev` shows the workbench with the data of a running `keniki serve` or `keniki demo`.
// The server takes work only from pages of its own host, so the host stays as it is.
const server = { target: "http://127.0.0.1:8080", changeOrigin: false };

export default defineConfig({
  base: "./",
  build: { target: "es2022", sourcemap: false, chunkSizeWarningLimit: 2000 },
  worker: { format: "es" },
  server: { proxy: { "/api": server, "/tiles": server, "/files": server } },
  test: { include: ["test/**/*.test.ts"] },
});
