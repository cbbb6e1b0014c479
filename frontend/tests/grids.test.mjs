// Grids on the desk of a running demo (YUEKAO_SITE and YUEKAO_PASSWORD, see scripts/test-in-browser).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { islandsReady, launch, openPage, overflows } from "./browser.mjs";

const { YUEKAO_SITE: base, YUEKAO_PASSWORD: password } = process.env;
const skip = base && password ? false : "no demo is running: see scripts/test-in-browser";
const GRID = "G-421202001002-01";
let browser;
before(async () => {
  if (!skip) browser = await launch();
});
after(() => browser?.close());

async function signedIn(login, view, look) {
  const { page, faults } = await openPage(browser, { base, ...view });
  await page.goto("/login");
  await page.fill("[name=login]", login);
  await page.fill("[name=password]", password);
  await page.click("main button");
  await page.waitForURL("**/desk");
  await look(page);
  assert.equal(await overflows(page), false, "wider than the screen");
  assert.deepEqual(faults, []);
  await page.context().close();
}

const open = async (page, path) => {
  await page.goto(path);
  assert.deepEqual(await islandsReady(page), ["ready"]);
};

async function drag(page, handle, [x, y]) {
  const box = await handle.boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + x, box.y + y, { steps: 6 });
  await page.mouse.up();
}

test("a grid is drawn anew by pointer and by keyboard, undone, and saved with a reason", { skip }, async () => {
  await signedIn("office", {}, async (page) => {
    await open(page, `/desk/grids/${GRID}/edit`);
    const drawing = () => page.inputValue("#geometry");
    const corners = () => page.locator(".grid-vertex").count();
    const [first, count] = [await drawing(), await corners()];
    await drag(page, page.locator(".grid-vertex").first(), [60, 40]);
    const dragged = await drawing();
    assert.notEqual(dragged, first);
    await page.locator(".grid-vertex").nth(1).focus();
    for (const key of ["ArrowUp", "Shift+ArrowLeft"]) await page.keyboard.press(key);
    assert.notEqual(await drawing(), dragged);
    await page.keyboard.press("Enter");
    assert.equal(await corners(), count + 1);
    await page.keyboard.press("Delete");
    assert.equal(await corners(), count);
    for (let times = 0; times < 5; times++) await page.keyboard.press("Control+z");
    assert.equal(await drawing(), first, "five changes are undone");
    await page.click("text=重做");
    assert.equal(await drawing(), dragged);
    await drag(page, page.locator(".grid-middle").first(), [30, -20]);
    assert.equal(await corners(), count + 1);
    const box = await page.locator(".island-canvas").boundingBox();
    await page.mouse.click(box.x + 30, box.y + 30);
    assert.equal(await corners(), count + 1, "a click on the map adds nothing to a grid that is there");
    await page.fill("#reason", "按实际道路调整");
    await page.click("text=保存");
    await page.waitForURL(`**/desk/grids/${GRID}`);
    assert.match(await page.locator("main").innerText(), /按实际道路调整/);
  });
});

test("a new grid is drawn point by point", { skip }, async () => {
  await signedIn("office", {}, async (page) => {
    await open(page, "/desk/grids/new");
    await page.click(".grid-tools >> text=责任网格");
    const box = await page.locator(".island-canvas").boundingBox();
    for (const [x, y] of [[200, 100], [400, 120], [380, 300], [210, 280]]) {
      await page.mouse.click(box.x + x, box.y + y);
      await page.waitForTimeout(350); // two clicks in a hurry would zoom
    }
    // What has only begun is undone point by point, and gone on with.
    const corners = () => page.locator(".grid-vertex").count();
    await page.keyboard.press("Control+z");
    assert.equal(await corners(), 3);
    await page.keyboard.press("Control+z");
    assert.deepEqual([await corners(), await page.inputValue("#geometry")], [2, ""]);
    for (const [x, y] of [[380, 300], [210, 280]]) {
      await page.mouse.click(box.x + x, box.y + y);
      await page.waitForTimeout(350);
    }
    const { type, coordinates } = JSON.parse(await page.inputValue("#geometry"));
    assert.equal(type, "MultiPolygon");
    assert.equal(coordinates[0][0].length, 5);
  });
});

test("a chief sees their grids on a phone and records a patrol with the position of the phone", { skip }, async () => {
  await signedIn("luzhang01", { phone: true }, async (page) => {
    await page.context().grantPermissions(["geolocation"]);
    await page.context().setGeolocation({ longitude: 114.312, latitude: 29.822, accuracy: 9 });
    await open(page, "/desk/chief");
    await page.click("text=取当前位置");
    await page.waitForFunction(() => document.querySelector("[name=lng]").value === "114.3120000");
    await page.fill("#note", "浏览器巡查");
    await page.click("text=我已巡查");
    await page.waitForLoadState();
    assert.match(await page.locator("main").innerText(), /浏览器巡查/);
  });
});
