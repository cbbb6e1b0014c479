// What the pages' script adds to what the server sent, on small pages under the product's content policy.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { islandsReady, launch, openPage, PHONE } from "./browser.mjs";
import { CONTENT_POLICY, serveRepository } from "./static-server.mjs";

let browser, site;
before(async () => {
  [browser, site] = await Promise.all([launch(), serveRepository()]);
});
after(async () => {
  await browser.close();
  site.close();
});

const html = (main, status = 200) => ({
  status, contentType: "text/html; charset=utf-8", headers: { "content-security-policy": CONTENT_POLICY },
  body: `<!doctype html><html lang="zh-CN"><head><meta name="viewport" content="width=device-width"><title>页</title><link rel="stylesheet" href="/frontend/dist/app.css"><script type="module" src="/frontend/dist/app.js"></script></head><body><main class="page" id="main">${main}</main></body></html>`,
});

/** A page with this in it, at `/page`. */
async function shown(main, view = {}) {
  const { page, faults } = await openPage(browser, { base: site.base, ...view });
  await page.route("**/page", (route) => route.fulfill(html(main)));
  await page.goto("/page");
  return { page, faults };
}

test("what was written is back in the form that was refused, though others go to the same place", async () => {
  const row = (visit) => `<details><summary>${visit}</summary><form method="post" action="/visits"><input type="hidden" name="form_token" value="${Math.random()}"><input type="hidden" name="reject" value="${visit}"><input name="reason"><button>不采信</button></form></details>`;
  const page = (visits) => `<form id="accept" method="post" action="/visits"><input type="hidden" name="form_token" value="1"></form><input type="checkbox" form="accept" name="visit" value="a">${visits.map(row).join("")}`;
  const { page: tab } = await shown(page(["甲", "乙", "丙"]));
  await tab.route("**/visits", (route) => route.fulfill(html('<div class="notice error" data-refused><p>已有案件</p></div><a data-back hidden href="/">返回</a>', 422)));
  await tab.locator("summary", { hasText: "乙" }).click();
  await tab.locator("[value=乙] + [name=reason]").fill("不实");
  await tab.locator("[value=乙] ~ button").click();
  await tab.waitForSelector("[data-refused]");
  // Somebody else has dealt with the first one meanwhile.
  await tab.route("**/page", (route) => route.fulfill(html(page(["乙", "丙"]))));
  await tab.click("[data-back]");
  await tab.waitForSelector(".notice.error");
  assert.equal(await tab.inputValue("[value=乙] + [name=reason]"), "不实");
  assert.equal(await tab.inputValue("[value=丙] + [name=reason]"), "");
  assert.deepEqual(await tab.locator("details").evaluateAll((boxes) => boxes.map((box) => box.open)), [true, false]);
  await tab.context().close();
});

test("a form with files says how far they are, once; what is refused leaves it as it is, and what is answered is shown", async () => {
  const form = '<form method="post" action="/take" enctype="multipart/form-data" data-upload><label>文件<input type="file" name="file" required></label><input name="reason"><progress hidden max="1" aria-label="正在发送…"></progress><div class="actions"><button class="primary" name="take" value="yes">导入</button></div></form>';
  const { page } = await shown(form);
  let sent = 0, answer;
  const arrived = () => new Promise((done) => (answer = done));
  let waiting = arrived();
  await page.route("**/take", async (route) => {
    sent += 1;
    assert.match(route.request().postDataBuffer().toString(), /name="take"\r\n\r\nyes/);
    await route.fulfill(await waiting);
  });
  await page.setInputFiles("[type=file]", { name: "a.csv", mimeType: "text/csv", buffer: Buffer.from("a,b") });
  await page.fill("[name=reason]", "三月");
  await page.click("button");
  await page.waitForSelector("progress:not([hidden])");
  assert.equal(await page.locator("button").isDisabled(), true);
  assert.equal(await page.innerText("button"), "正在发送…");
  answer(html('<div class="notice error" role="alert" data-refused><p>第 3 行没有单位</p></div>', 422));
  await page.waitForSelector("[data-fault]");
  assert.match(await page.innerText("[data-fault]"), /第 3 行没有单位/);
  assert.deepEqual([await page.locator("button").isEnabled(), await page.innerText("button"), await page.locator("progress").isHidden()], [true, "导入", true]);
  assert.equal(await page.locator("[type=file]").evaluate((input) => input.files.length), 1, "the file is still chosen");
  assert.equal(await page.inputValue("[name=reason]"), "三月");

  waiting = Promise.resolve(html(`<h1>预览</h1>${form}<button data-copy="d" data-done="已复制" hidden>复制</button><span id="d">x</span>`));
  await page.click("button");
  await page.waitForSelector("h1");
  assert.equal(await page.locator("[data-copy]").isVisible(), true, "what the answer brings is brought to life");
  await page.setInputFiles("[type=file]", { name: "b.csv", mimeType: "text/csv", buffer: Buffer.from("a,b") });
  waiting = Promise.resolve({ status: 303, headers: { location: `${site.base}/done` } });
  await page.route("**/done", (route) => route.fulfill(html("<h1>已导入</h1>")));
  await Promise.all([page.waitForURL("**/done"), page.click("[name=take]")]);
  assert.equal(sent, 3);
  await page.context().close();
});

test("filters and map are within reach after the phone is turned", async () => {
  const { page } = await shown('<details class="fold" data-fold open><summary>筛选</summary><form class="filters"><input name="q"></form></details>', { phone: true });
  assert.equal(await page.locator("details").evaluate((box) => box.open), false);
  await page.setViewportSize({ width: 1100, height: PHONE.width });
  await page.click("summary");
  assert.equal(await page.locator("[name=q]").isVisible(), true);
  assert.equal(await page.locator("summary").isVisible(), false);
  await page.context().close();
});

test("one finger moves the pictures of before and after, two zoom them, and none makes them jump", async () => {
  const figure = '<figure><a href="#x"><img src="/frontend/styleguide/photo.svg" alt="" width="160" height="120"></a></figure>';
  const { page, faults } = await shown(`<div class="compare" data-compare>${figure}${figure}</div>`, { phone: true });
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  const seen = () => page.locator("img").evaluateAll((images) => images.map((image) => {
    const [, x, y, zoom] = /translate\((\S+)%, (\S+)%\) scale\((\S+)\)/.exec(image.style.transform) ?? [0, 0, 0, 1];
    return { x: Number(x), y: Number(y), zoom: Number(zoom) };
  }));
  const area = await page.locator(".compare a").first().boundingBox();
  const fingers = await page.context().newCDPSession(page);
  const touch = (type, ...at) => fingers.send("Input.dispatchTouchEvent", { type, touchPoints: at.map(([x, y], id) => ({ id, x: area.x + x * area.width, y: area.y + y * area.height })) });
  await touch("touchStart", [0.4, 0.5], [0.6, 0.5]);
  for (const half of [0.15, 0.2, 0.3, 0.4]) await touch("touchMove", [0.5 - half, 0.5], [0.5 + half, 0.5]);
  await touch("touchEnd");
  const [one, other] = await seen();
  assert.ok(Math.abs(one.zoom - 4) < 0.2, JSON.stringify(one));
  assert.deepEqual(one, other);
  await touch("touchStart", [0.5, 0.5]);
  for (const x of [0.48, 0.46, 0.44, 0.4]) await touch("touchMove", [x, 0.5]);
  await touch("touchEnd");
  const [moved] = await seen();
  assert.ok(Math.abs(moved.x - one.x + 10) < 3 && moved.zoom === one.zoom, `${JSON.stringify(one)} ${JSON.stringify(moved)}`);
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("points that do not come leave the map and its switch as they were, and are asked for again", async () => {
  const words = { legend: "得分", noValue: "", noPolygon: "无面", open: "查看", zoomIn: "＋", zoomOut: "－", wheelHelp: "", touchHelp: "", show: "内容", units: "得分", points: "点位", seen: "{count}", failed: "没有取到" };
  const data = { title: "图", boundaries: "/data/boundaries.web.geojson", points: "/points", places: [{ code: "421281000000", name: "赤壁市", href: "#", value: "90.15" }], words };
  const { page } = await shown(`<figure class="island" data-island="map"><script type="application/json">${JSON.stringify(data)}</script></figure>`);
  await page.route("**/points", (route) => route.fulfill({ status: 500, body: "" }));
  assert.deepEqual(await islandsReady(page), ["ready"]);
  const pressed = () => page.locator("[data-side]").evaluateAll((buttons) => buttons.map((button) => button.getAttribute("aria-pressed")));
  await page.click("[data-side=points]");
  await page.waitForFunction(() => document.querySelector(".map-switch [role=status]").textContent === "没有取到");
  assert.deepEqual(await pressed(), ["true", "false"]);
  await page.route("**/points", (route) => route.fulfill({ json: { type: "FeatureCollection", features: [] } }));
  await page.click("[data-side=points]");
  await page.waitForSelector(".map-seen");
  assert.deepEqual(await pressed(), ["false", "true"]);
  assert.equal(await page.innerText(".map-switch [role=status]"), "");
  await page.context().close();
});
