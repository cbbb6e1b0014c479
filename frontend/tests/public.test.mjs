// The public pages of a running site (YUEKAO_SITE, see scripts/test-in-browser), as a citizen would open them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { islandsReady, launch, openPage, overflows, violations } from "./browser.mjs";

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
      `${MONTH}/findings`, `${MONTH}/findings?unit=421224000000`, `${MONTH}/units/421224000000/why/sanitation`,
      "/trends", "/categories", "/departments", "/townships", "/archive", "/rules", "/rules/xianning-2022",
      "/rules/xianning-2022/changes", "/verify", `${MONTH}?lang=en`, "/rules/xianning-2022?lang=en", `${MONTH}/findings?lang=en`,
    ]) {
      await visit(path, view, async (page) => {
        assert.ok((await page.locator("h1").innerText()).length > 0, path);
        assert.deepEqual(await violations(page), [], path);
      });
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

const map = (page) => page.locator("[data-island=map]").first();
/** What the map counts once it rests: all points, those in sight, and the circles and marks that show them. */
async function counted(page, rests = () => true) {
  await page.waitForFunction(() => document.querySelector("[data-island=map]").dataset.circles !== undefined);
  let told;
  for (let tries = 0; tries < 50; tries += 1) {
    told = await map(page).evaluate(({ dataset }) => [dataset.count, dataset.seen, dataset.circles].map(Number));
    if (rests(told)) break;
    await page.waitForTimeout(200);
  }
  return told;
}

test("clusters at low zoom count what the list counts, under every filter", { skip }, async () => {
  for (const query of ["", "?unit=421224000000", "?severity=serious", "?unit=421224000000&category=sanitation"]) {
    const { page, faults } = await openPage(browser, { base });
    await page.goto(`${MONTH}/findings${query}`);
    await islandsReady(page);
    const count = Number(await page.locator("#count").getAttribute("data-count"));
    const { located } = await (await fetch(`${base}${MONTH}/findings.json${query}`)).json();
    assert.ok(count > 0 && located > 0, query);
    const [drawn, seen, circles] = await counted(page, ([, seen]) => seen === located);
    assert.deepEqual([drawn, seen], [located, located], query);
    assert.ok(circles <= located, query);
    if (!query) assert.ok(circles < count / 10, "points near each other are one circle");
    const categories = await page.locator(".map-shapes li").allInnerTexts();
    assert.ok(categories.length > 0 && categories.every((words) => words.trim()), "the legend is in words");
    assert.deepEqual(faults, [], query);
    await page.context().close();
  }
});

test("a month's map switches from scores to problems and back", { skip }, async () => {
  const { page, faults } = await openPage(browser, { base });
  await page.goto(MONTH);
  await islandsReady(page);
  assert.ok((await page.locator("a.map-label").count()) > 0);
  await page.getByRole("button", { name: "问题点位" }).click();
  const { located } = await (await fetch(`${base}${MONTH}/findings.json`)).json();
  const [drawn, seen] = await counted(page, ([, seen]) => seen === located);
  assert.deepEqual([drawn, seen], [located, located]);
  assert.equal(await page.locator("a.map-label").count(), 0);
  assert.equal(await page.getByRole("button", { name: "问题点位" }).getAttribute("aria-pressed"), "true");
  assert.deepEqual(await violations(page), []);
  await page.getByRole("button", { name: "单位得分" }).click();
  await page.locator("a.map-label").first().waitFor();
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("a point on the map opens its problem", { skip }, async () => {
  const { page, faults } = await openPage(browser, { base });
  // One problem only, so that the point stands in the middle of the map.
  const { features } = await (await fetch(`${base}${MONTH}/findings.geojson`)).json();
  const one = { type: "FeatureCollection", features: features.filter((each) => each.geometry).slice(0, 1) };
  await page.route("**/findings.geojson", (route) => route.fulfill({ json: one }));
  await page.goto(`${MONTH}/findings`);
  await islandsReady(page);
  await counted(page, ([, seen]) => seen === 1);
  await map(page).locator("canvas.maplibregl-canvas").click();
  await page.locator(".map-popup a").click();
  await page.waitForURL(`**${one.features[0].properties.href}`);
  assert.ok((await page.locator("h1").innerText()).includes(one.features[0].properties.title));
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("figures open their working: trends, townships, departments, categories", { skip }, async () => {
  const { page, faults } = await openPage(browser, { base });
  for (const [path, leads] of [
    ["/trends", /\/units\/[^/]+\/why$/], ["/townships", /\/units\/[^/]+\/why$/],
    ["/departments", /\/units\/[^/]+\/why$/], ["/categories", /\/findings\?category=/],
  ]) {
    await page.goto(path);
    await Promise.all([page.waitForURL(leads), page.locator("table td.num a").first().click()]);
    assert.ok((await page.locator("h1").innerText()).length > 0);
  }
  assert.deepEqual(faults, []);
  await page.context().close();
});
