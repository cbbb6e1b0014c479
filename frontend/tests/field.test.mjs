// The field app of a running site, as an inspector would use it: offline, killed, in two tabs. `YUEKAO_INSPECTOR` is `login:password` of
// somebody with three tasks today, `YUEKAO_REVIEWER` of their reviewer (see scripts/test-in-browser).
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { chromium } from "playwright-core";
import { overflows } from "./browser.mjs";
import { handIn, idle, phones, record, signIn } from "./phone.mjs";

const base = process.env.YUEKAO_SITE;
const [login, password] = (process.env.YUEKAO_INSPECTOR ?? "").split(":");
const [reviewer] = (process.env.YUEKAO_REVIEWER ?? "").split(":");
const skip = base && login ? false : "no site with an inspector is running: see scripts/test-in-browser";
const SHOTS = process.env.YUEKAO_SCREENSHOTS;
const { phone, kill, picture, end: putAway } = phones(base);
after(putAway);

async function shot(page, name) {
  assert.equal(await overflows(page), false, `${name} is wider than the phone`);
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/field-${name}.png` });
}

/** What the server has of this test's observations, as the reviewer sees it. */
async function reviewed() {
  const context = await chromium.launch({ executablePath: process.env.YUEKAO_CHROMIUM ?? "/usr/bin/chromium", headless: true, args: ["--no-sandbox"] });
  const page = await (await context.newContext({ baseURL: base, viewport: { width: 1280, height: 900 } })).newPage();
  await page.goto("/login?next=/desk/review");
  await page.fill("[name=login]", reviewer);
  await page.fill("[name=password]", password);
  await page.click("form[action='/login'] button, main button");
  await page.waitForURL("**/desk/review");
  return { page, end: () => context.close() };
}

test("three findings recorded without a network survive a killed browser and arrive once", { skip }, async () => {
  let { context, page, faults } = await phone("one");
  await signIn(page, login, password);
  await shot(page, "today");
  // A headless browser does not promise to keep data: the app says so before the tour.
  assert.equal(await page.locator("#persist-warning").count(), 1);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  const photos = [];
  for (const seed of [1, 2, 3, 4]) photos.push(await picture(page, seed));

  await context.setOffline(true);
  await page.reload();
  await page.waitForSelector(".tasks");
  await page.click(".tasks a >> nth=0");
  await page.click("#start");
  await page.waitForSelector(".checklist");
  await shot(page, "checklist");
  await record(page, "litter-on-road", { value: "9", photo: photos[0], place: "路口东侧" });
  await record(page, "cigarette-ends", { value: "１３", photo: photos[1] });
  // The third one is not saved yet when the browser is killed.
  await record(page, "road-dust", { severity: "general", photo: photos[2], place: "公交站旁", save: false });
  await shot(page, "entry");
  await page.waitForTimeout(300);
  await kill(context, "one");

  ({ context, page, faults } = await phone("one"));
  await context.setOffline(true);
  await page.goto("/field");
  await page.waitForSelector(".tasks");
  await page.waitForSelector(".status[data-line=offline]");
  assert.match(await page.locator(".status").innerText(), /没有网络/);
  await page.click(".tasks a >> nth=0");
  await page.click("[data-indicator='road-dust']");
  await page.waitForSelector(".shots li");
  assert.equal(await page.inputValue("#place"), "公交站旁");
  await page.click("#save");
  await page.waitForSelector(".checklist");
  await page.goto("/field#/queue");
  await page.waitForSelector(".queue li");
  const waiting = await page.locator(".queue [data-state=waiting]").count();
  assert.ok(waiting >= 4, `a start and three findings are waiting, not ${waiting}`);
  await shot(page, "queue");

  await context.setOffline(false);
  await handIn(page, login, password);
  assert.equal(await page.locator(".queue [data-state=waiting]").count(), 0);
  await page.click("#retry");
  await idle(page);

  const { page: desk, end } = await reviewed();
  const titles = await desk.locator(".review-item h2").allInnerTexts();
  for (const word of ["路面垃圾", "烟头", "积尘"]) assert.equal(titles.filter((title) => title.includes(word)).length, 1, `${word} once in ${titles.join(" | ")}`);
  await desk.waitForTimeout(1500);
  await desk.reload();
  assert.equal(await desk.locator(".review-photo img").count(), 3, "each with its photo");
  if (SHOTS) await desk.screenshot({ path: `${SHOTS}/review-list.png`, fullPage: true });
  await desk.click("[data-review-open] >> nth=0");
  if (SHOTS) await desk.screenshot({ path: `${SHOTS}/review-one.png`, fullPage: true });
  await desk.goto("/desk/review/phones");
  assert.match(await desk.locator("table").first().innerText(), /无/);
  if (SHOTS) await desk.screenshot({ path: `${SHOTS}/review-phones.png`, fullPage: true });

  // The visit ends; the desk can take it.
  await page.goto("/field#/");
  await page.click(".tasks a >> nth=0");
  await page.click("#finish");
  await page.waitForSelector("#end");
  await shot(page, "finish");
  await page.click("#end");
  await page.waitForSelector(".tasks");
  await idle(page);
  await desk.goto("/desk/review/visits");
  assert.equal(await desk.locator("tbody tr").count(), 1);
  await end();
  assert.deepEqual(faults, []);
  await context.close();
});

test("what is begun for one indicator is neither shown nor overwritten by another", { skip }, async () => {
  const { context, page, faults } = await phone("drafts");
  await signIn(page, login, password);
  await page.click(".tasks a >> nth=2");
  await page.click("#start");
  await page.waitForSelector(".checklist");
  await record(page, "litter-on-road", { value: "9", photo: await picture(page, 31), save: false });
  await page.click(".back");
  await page.waitForSelector(".checklist");
  assert.match(await page.locator("[data-indicator='litter-on-road']").innerText(), /有未保存内容/);
  await record(page, "cigarette-ends", { value: "13", save: false });
  assert.equal(await page.locator(".shots li").count(), 0, "the photo belongs to the other one");
  await page.click(".back");
  await page.click("#finish");
  assert.match(await page.locator("#unsaved").innerText(), /2 个问题没有保存/);
  await page.click(".back");
  await page.click("[data-indicator='litter-on-road']");
  await page.waitForSelector(".shots li");
  assert.equal(await page.inputValue("#value"), "9");
  await page.click("#save");
  await page.waitForSelector(".checklist");
  assert.equal(await page.locator("[data-indicator='litter-on-road'] small.strong").count(), 0);
  assert.equal(await page.locator("[data-indicator='cigarette-ends'] small.strong").count(), 1);
  await idle(page);
  assert.deepEqual(faults, []);
  await context.close();
});

test("two tabs give no number twice and send nothing twice", { skip }, async () => {
  const { context, page, faults } = await phone("two");
  await signIn(page, login, password);
  await page.click(".tasks a >> nth=1");
  await page.click("#start");
  await page.waitForSelector(".checklist");
  const other = await context.newPage();
  await other.goto(page.url());
  await other.waitForSelector(".checklist");
  const posted = [];
  context.on("request", (request) => {
    if (request.url().endsWith("/field/items")) posted.push(...JSON.parse(request.postData()).items.map((item) => item.id));
  });
  const photos = [await picture(page, 11), await picture(page, 12)];
  await Promise.all([
    record(page, "litter-on-road", { value: "4", photo: photos[0] }),
    record(other, "cigarette-ends", { value: "6", photo: photos[1] }),
  ]);
  await Promise.all([idle(page), idle(other)]);
  assert.equal(new Set(posted).size, posted.length, "nothing is sent twice");
  await page.goto("/field#/queue");
  await page.waitForSelector(".queue li");
  const numbers = await page.locator(".queue [data-number]").evaluateAll((rows) => rows.map((row) => Number(row.dataset.number)));
  assert.equal(new Set(numbers).size, numbers.length);
  assert.equal(Math.max(...numbers), numbers.length, "no number is left out");
  assert.deepEqual(faults, []);
  await context.close();
});

test("an expired session keeps everything and asks to sign in; a lost record shows as a gap", { skip }, async () => {
  const { context, page } = await phone("three");
  await signIn(page, login, password);
  await page.click(".tasks a >> nth=2");
  await page.click("#start");
  await page.waitForSelector(".checklist");
  await idle(page);
  await context.clearCookies();
  await record(page, "litter-on-road", { value: "20", photo: await picture(page, 21) });
  await page.waitForSelector(".status[data-line=sign-in]");
  await shot(page, "sign-in");
  // A record vanishes from the phone, as if its storage had been damaged.
  await page.evaluate(() => new Promise((done, failed) => {
    const opening = indexedDB.open("yuekao-field");
    opening.onsuccess = () => {
      const tx = opening.result.transaction("items", "readwrite");
      const all = tx.objectStore("items").index("state").getAll("waiting");
      all.onsuccess = () => tx.objectStore("items").delete(all.result.sort((a, b) => a.number - b.number)[0].id);
      tx.oncomplete = done;
      tx.onerror = failed;
    };
  }));
  await record(page, "cigarette-ends", { value: "30", photo: await picture(page, 22) });
  await signIn(page, login, password);
  await idle(page);
  const { page: desk, end } = await reviewed();
  await desk.goto("/desk/review/phones");
  assert.match(await desk.locator("table").first().innerText(), /2/);
  assert.ok((await desk.locator("table").first().locator(".badge.warn").count()) > 0, "the gap shows");
  await end();
  await context.close();
});

test("every screen is readable in English and at night, and its targets are large", { skip }, async () => {
  const { context, page, faults } = await phone("two");
  await page.goto("/field#/settings");
  await page.click("button:has-text('English')");
  await page.click("[data-value=night]");
  await page.waitForSelector("h1:has-text('Settings')");
  await shot(page, "settings-night");
  for (const path of ["#/", "#/queue", "#/settings"]) {
    await page.goto(`/field${path}`);
    await page.waitForTimeout(300);
    const small = await page.locator("button:visible, nav a:visible, .task:visible, .back:visible").evaluateAll((targets) =>
      targets.map((target) => ({ text: target.innerText, box: target.getBoundingClientRect() })).filter(({ box }) => box.height < 48).map(({ text }) => text));
    assert.deepEqual(small, [], `${path}: targets below 48 px`);
    assert.equal(await overflows(page), false);
  }
  await page.goto("/field#/settings");
  await page.click("button:has-text('中文')");
  await page.click("[data-value=sun]");
  await page.waitForSelector("h1:has-text('设置')");
  assert.deepEqual(faults, []);
  await context.close();
});
