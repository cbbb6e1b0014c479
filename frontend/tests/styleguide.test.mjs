// Every component of the style sheet and every island, in a real browser under the product's content policy.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { islandsReady, launch, openPage, overflows, violations } from "./browser.mjs";
import { serveRepository } from "./static-server.mjs";

let browser, site, base;
before(async () => {
  [browser, site] = await Promise.all([launch(), serveRepository()]);
  base = site.base;
});
after(async () => {
  await browser.close();
  site.close();
});

for (const view of [{}, { dark: true }, { phone: true }, { phone: true, dark: true }]) {
  const name = `${view.phone ? "phone" : "desktop"}-${view.dark ? "dark" : "light"}`;
  test(`the style guide is whole on ${name}`, async () => {
    const { page, faults } = await openPage(browser, { base, ...view });
    await page.goto("/frontend/styleguide.html");
    assert.deepEqual(new Set(await islandsReady(page)), new Set(["ready"]));
    assert.deepEqual(faults, []);
    assert.equal(await overflows(page), false, "the page is wider than the screen");
    if (process.env.YUEKAO_SCREENSHOTS) {
      await page.evaluate(() => window.scrollTo(0, 0));
      await page.screenshot({ path: `${process.env.YUEKAO_SCREENSHOTS}/styleguide-${name}.png`, fullPage: true });
    }
    await page.context().close();
  });

  test(`the style guide breaks no rule of WCAG 2.2 AA on ${name}`, async () => {
    const { page } = await openPage(browser, { base, ...view });
    await page.goto("/frontend/styleguide.html");
    await islandsReady(page);
    assert.deepEqual(await violations(page), []);
    await page.context().close();
  });
}

test("the map's labels are links, in order, and units without a polygon are tiles", async () => {
  const { page } = await openPage(browser, { base });
  await page.goto("/frontend/styleguide.html");
  await islandsReady(page);
  const map = page.locator("[data-island=map]").first();
  assert.equal(await map.locator("a.map-label").count(), 6);
  assert.deepEqual(await map.locator(".map-tiles a strong").allTextContents(), ["咸宁高新区", "中心城区"]);
  await map.locator("a.map-label", { hasText: "赤壁市" }).focus();
  await page.keyboard.press("Enter");
  assert.equal(new URL(page.url()).hash, "#cb");
  await page.context().close();
});

test("an irreversible act waits for its typed word", async () => {
  const { page } = await openPage(browser, { base });
  await page.goto("/frontend/styleguide.html");
  const button = page.getByRole("button", { name: "冻结", exact: true });
  assert.equal(await button.isDisabled(), true);
  await page.getByLabel("请输入“冻结”以确认").fill("冻");
  assert.equal(await button.isDisabled(), true);
  await page.getByLabel("请输入“冻结”以确认").fill("冻结 ");
  assert.equal(await button.isDisabled(), false);
  await page.context().close();
});
