// Reads documents with swagger-parser, which resolves every reference and validates against the specification's schema.
// Usage: node parse.mjs FOLDER-OF-SWAGGER-PARSER DOCUMENT…
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...documents] = process.argv.slice(2);
const path = createRequire(join(resolve(folder), "package.json")).resolve("@apidevtools/swagger-parser");
const { default: SwaggerParser } = await import(pathToFileURL(path));
for (const document of documents) {
  const { paths } = await SwaggerParser.validate(resolve(document));
  console.log(`${document}: ${Object.keys(paths).length} paths`);
}
