import { defineConfig } from "vite";

// File names carry no digest: templates name them directly, and the server answers with an ETag.
export default defineConfig({
  base: "./",
  worker: { format: "es", rolldownOptions: { output: { entryFileNames: "map-worker.js" } } },
  build: {
    // Domestic browsers run on Chromium kernels that are some years old.
    target: ["chrome100", "safari15.4", "firefox100"],
    emptyOutDir: false,
    modulePreload: false,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      // The field app and its service worker stand alone: they share nothing with the pages.
      input: { app: "src/app.ts", style: "src/style.css", field: "src/field/app.ts", "field-worker": "src/field/worker.ts" },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        // Two islands draw maps: the library is in a file of its own.
        codeSplitting: { groups: [{ name: "maplibre", test: /node_modules\/maplibre-gl/ }] },
        assetFileNames: (asset) => (asset.names[0] === "style.css" ? "app.css" : "[name][extname]"),
      },
    },
  },
});
