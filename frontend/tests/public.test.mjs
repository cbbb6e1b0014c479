// The public pages of a running site (YUEKAO_SITE, see scripts/test-in-browser), as a citizen would open them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { islandsReady, launch, openPage, overflows } from "./browser.mjs";

const base = process.env.YUEKAO_SITE;
const skip = base ? false : "no site is running: see scripts/test-in-browser";
const MONTH = "/months/xianning/2022-01";
let browser;
before(async () => {
  if (base) browser = await launch();
});
after(() => browser?.close());

async function visit(path, view, look) {
  const { page, faults } = await openPage(browser, { base, ...view });
  await page.goto(path);
  if (await page.locator("[data-island]").count()) await islandsReady(page);
  await look(page);
  assert.equal(await overflows(page), false, `${path} is wider than the screen`);
  assert.deepEqual(faults, [], path);
  if (process.env.YUEKAO_SCREENSHOTS) {
    const name = path.replaceAll(/[^a-z0-9-]+/gi, "_") + (view.phone ? "-phone" : "");
    await page.screenshot({ path: `${process.env.YUEKAO_SCREENSHOTS}/${name}.png`, fullPage: true });
  }
  await page.context().close();
}

for (const view of [{}, { phone: true }]) {
  const where = view.phone ? "on a phone" : "on a desk";
  test(`the front page shows the ranking of the newest month, marked as synthetic, ${where}`, { skip }, async () => {
    await visit("/", view, async (page) => {
      assert.equal(await page.locator(".watermark").count(), 1);
      const rows = page.locator("table.ranking").first().locator("tbody tr");
      assert.equal(await rows.count(), 8);
      assert.match(await page.locator("main").innerText(), /通山县/);
    });
  });

  test(`every public page opens without a fault ${where}`, { skip }, async () => {
    for (const path of [
      MONTH, `${MONTH}/bulletin`, `${MONTH}/units/421224000000`, `${MONTH}/units/421224000000/why`,
      "/trends", "/categories", "/departments", "/townships", "/archive", "/rules/xianning-2022", "/verify", `${MONTH}?lang=en`,
    ]) {
      await visit(path, view, async (page) => assert.ok((await page.locator("h1").innerText()).length > 0, path));
    }
  });
}

test("a score opens its working down to one finding with its photo", { skip }, async () => {
  const { page, faults } = await openPage(browser, { base });
  await page.goto(`${MONTH}/units/421224000000`);
  const finding = page.locator('a[href^="/findings/"]').first();
  await finding.click();
  await page.waitForLoadState();
  assert.match(page.url(), /\/findings\/xianning\/2022-01\//);
  const photo = page.locator("main img").first();
  assert.ok(await photo.evaluate((image) => image.complete && image.naturalWidth > 0), "the photo is shown");
  await page.goto(`${MONTH}/units/421224000000/why`);
  assert.ok((await page.locator(".working details").count()) > 3);
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("the bulletin comes as PDF, workbook, JSON and newspaper text", { skip }, async () => {
  const kinds = { "bulletin.pdf": "%PDF", "bulletin.xlsx": "PK", "bulletin.json": "{", "bulletin.txt": "" };
  for (const [name, begins] of Object.entries(kinds)) {
    const answer = await fetch(`${base}${MONTH}/${name}`);
    assert.equal(answer.status, 200, name);
    assert.ok(Buffer.from(await answer.arrayBuffer()).toString("latin1").startsWith(begins), name);
  }
});

test("what is not published does not exist for a citizen", { skip }, async () => {
  for (const path of ["/months/xianning/2022-02", "/desk/rounds", "/months/xianning/2022-02/bulletin.pdf"]) {
    const answer = await fetch(`${base}${path}`, { redirect: "manual" });
    assert.ok([302, 303, 404].includes(answer.status), `${path}: ${answer.status}`);
  }
});
