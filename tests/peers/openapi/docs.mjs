// The documentation page in a headless Chromium: authorise, call, keyboard, phone width, nothing from elsewhere.
// Usage: node docs.mjs FOLDER-OF-PLAYWRIGHT-CORE BASE-ADDRESS, in front of a running `ungebro demo`.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [folder, base] = process.argv.slice(2);
const { chromium } = createRequire(join(resolve(folder), "package.json"))("playwright-core");
const OPERATION = "#operations-interviews-createInterview";

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
const complaints = [];
const elsewhere = [];
page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
page.on("pageerror", (error) => complaints.push(String(error)));
page.on("request", (request) => {
  const url = request.url();
  if (!url.startsWith(base) && !url.startsWith("data:")) elsewhere.push(url);
});

const open = async () => {
  await page.goto(`${base}/docs`);
  await page.waitForSelector(".opblock", { timeout: 120_000 });
};
const fitsTheScreen = async (where) => {
  const [width, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(width <= screen, `${where} is ${width} wide on a screen of ${screen}`);
};

// The demo's token is there from the start: a call can be made as it stands.
await open();
await page.click(`${OPERATION} .opblock-summary-control`);
await page.click(`${OPERATION} .try-out__btn`);
await page.click(`${OPERATION} .execute`);
const status = await page.textContent(`${OPERATION} .live-responses-table .response .response-col_status`);
assert.equal(status.trim().slice(0, 3), "201");

// A token that is typed in outlives a reload, in this tab only.
await page.click(".btn.authorize");
await page.click(".modal-ux .btn.modal-btn.auth:not(.authorize)");
await page.fill(".modal-ux input", "typed.by.hand");
await page.click(".modal-ux .btn.modal-btn.auth.authorize");
assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
await open();
assert.match(await page.evaluate(() => sessionStorage.getItem("ungebro-authorization")), /typed\.by\.hand/);
assert.ok((await page.locator(".btn.authorize.locked").count()) > 0);
await page.evaluate(() => sessionStorage.clear());

// By keyboard: from the head of the page to an operation, and open it.
await page.goto("about:blank");
await open();
let reached = false;
for (let presses = 0; presses < 80 && !reached; presses += 1) {
  await page.keyboard.press("Tab");
  reached = await page.evaluate(() => document.activeElement.classList.contains("opblock-summary-control"));
}
assert.ok(reached, "no operation is reached by Tab");
await page.keyboard.press("Enter");
await page.waitForSelector(".opblock.is-open");

await page.setViewportSize({ width: 375, height: 740 });
await fitsTheScreen("/docs");
for (const path of ["/", "/problems", "/problems/cpr-unknown", "/code-lists", "/code-lists/interview-type"]) {
  for (const language of ["en", "da"]) {
    await page.goto(`${base}${path}?lang=${language}`);
    assert.equal(await page.getAttribute("html", "lang"), language);
    await fitsTheScreen(path);
  }
}
await browser.close();
assert.deepEqual(complaints, []);
assert.deepEqual(elsewhere, []);
console.log("the documentation page works");
