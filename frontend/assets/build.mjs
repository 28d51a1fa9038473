// Builds what the pages load into frontend/static/build/: one stylesheet, three scripts, four font files.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const assets = dirname(fileURLToPath(import.meta.url));
const root = join(assets, "..", "..");
const out = join(assets, "..", "static", "build");
const modules = join(root, "node_modules");
const sass = createRequire(import.meta.url)("sass");

const { css } = sass.compile(join(assets, "scss", "turnout.scss"), {
  style: "compressed",
  loadPaths: [join(modules, "govuk-frontend", "dist")],
  quietDeps: true,
});
if (/GDS Transport|crown/i.test(css)) throw new Error("GOV.UK's own font or crown is in the stylesheet");
rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "fonts"), { recursive: true });
writeFileSync(join(out, "turnout.css"), css);

for (const weight of ["400", "700"])
  for (const script of ["latin", "latin-ext"]) {
    const name = `atkinson-hyperlegible-${script}-${weight}-normal.woff2`;
    copyFileSync(join(modules, "@fontsource", "atkinson-hyperlegible", "files", name), join(out, "fonts", name));
  }

// The source map is not shipped: a line that names it would make collectstatic look for it.
const govuk = readFileSync(join(modules, "govuk-frontend", "dist", "govuk", "govuk-frontend.min.js"), "utf8");
writeFileSync(join(out, "govuk-frontend.min.js"), govuk.replace(/\/\/# sourceMappingURL=.*/, ""));
for (const script of ["turnout.js", "register.js"]) copyFileSync(join(assets, script), join(out, script));
