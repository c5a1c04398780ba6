// Turns the JSON Schemas that the Rust side writes into the TypeScript types of `src/api`.
import { access, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compileFromFile } from "json-schema-to-typescript";

const banner = (schema) => `/** Made by \`npm run types\` from docs/${schema}. Do not edit. */\n`;

for (const name of ["summary", "findings", "quality"]) {
  const schema = `${name}.schema.json`;
  const from = fileURLToPath(new URL(`../../docs/${schema}`, import.meta.url));
  const into = fileURLToPath(new URL(`../src/api/${name}.ts`, import.meta.url));
  const present = await access(from).then(
    () => true,
    () => false,
  );
  if (!present) {
    console.log(`docs/${schema} is not there; src/api/${name}.ts stays as it is`);
    continue;
  }
  const types = await compileFromFile(from, {
    additionalProperties: false,
    bannerComment: banner(schema),
    style: { printWidth: 100 },
  });
  await writeFile(into, types);
  console.log(`src/api/${name}.ts written from docs/${schema}`);
}
