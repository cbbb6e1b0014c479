// The field app of a running site, as an inspector would use it: offline, killed, in two tabs. `YUEKAO_INSPECTOR` is `login:password` of
// somebody with three tasks today, `YUEKAO_REVIEWER` of their reviewer (see scripts/test-in-browser).
import assert from "node:assert/strict";
import { mkdtempSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { overflows, PHONE } from "./browser.mjs";

const base = process.env.YUEKAO_SITE;
const [login, password] = (process.env.YUEKAO_INSPECTOR ?? "").split(":");
const [reviewer] = (process.env.YUEKAO_REVIEWER ?? "").split(":");
const skip = base && login ? false : "no site with an inspector is running: see scripts/test-in-browser";
const SHOTS = process.env.YUEKAO_SCREENSHOTS;
let folder;
before(() => (folder = mkdtempSync(join(tmpdir(), "yuekao-phone-"))));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));

/** A phone: a browser with a profile of its own, which survives being killed. */
async function phone(name) {
  const context = await chromium.launchPersistentContext(join(folder, name), {
    executablePath: process.env.YUEKAO_CHROMIUM ?? "/usr/bin/chromium", headless: true, args: ["--no-sandbox", "--no-first-run", "--disable-background-networking"],
    baseURL: base, viewport: PHONE, deviceScaleFactor: 2, isMobile: true, hasTouch: true, locale: "zh-CN", reducedMotion: "reduce",
    permissions: ["geolocation"], geolocation: { longitude: 114.3217, latitude: 29.8366, accuracy: 9 },
  });
  const faults = [];
  const listen = (page) => {
    page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
    page.on("console", (message) => message.type() === "error" && !/ERR_INTERNET_DISCONNECTED|Failed to load resource/.test(message.text()) && faults.push(message.text()));
    page.on("request", (request) => {
      const { protocol, host } = new URL(request.url());
      if (/^https?:$/.test(protocol) && host !== new URL(base).host) faults.push(`outside host: ${request.url()}`);
    });
  };
  context.on("page", listen);
  context.pages().forEach(listen);
  const page = context.pages()[0] ?? (await context.newPage());
  return { context, page, faults };
}

/** Kills the browser outright: nothing of it can say goodbye. Its profile names the process. */
async function kill(context, name) {
  const process_ = Number(readlinkSync(join(folder, name, "SingletonLock")).split("-").pop());
  const gone = new Promise((done) => context.once("close", done));
  process.kill(process_, "SIGKILL");
  await gone;
}

async function signIn(page, who = login) {
  await page.goto("/login?next=/field");
  await page.fill("[name=login]", who);
  await page.fill("[name=password]", password);
  await page.click("form[action='/login'] button, main button");
  await page.waitForURL("**/field");
  await page.waitForSelector(".status[data-line=online]");
}

const idle = (page) => page.waitForSelector(".status[data-line=online][data-waiting='0']", { timeout: 30_000 });

/** Pictures that differ, drawn here. */
async function picture(page, seed) {
  const data = await page.evaluate((seed) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [640, 480];
    const pen = canvas.getContext("2d");
    for (let i = 0; i < 60; i++) {
      pen.fillStyle = `hsl(${(seed * 97 + i * 31) % 360} 60% ${20 + ((i * seed * 7) % 60)}%)`;
      pen.fillRect((i * 83 * seed) % 600, (i * 59 + seed * 40) % 440, 90, 70);
    }
    return canvas.toDataURL("image/jpeg", 0.9);
  }, seed);
  const path = join(folder, `photo-${seed}.jpg`);
  writeFileSync(path, Buffer.from(data.split(",")[1], "base64"));
  return path;
}

async function record(page, indicator, { value, severity, photo, place, save = true }) {
  await page.fill("#search", "");
  await page.click(`[data-indicator='${indicator}']`);
  await page.waitForSelector("#save");
  if (value) await page.fill("#value", value);
  if (severity) await page.click(`[data-severity='${severity}']`);
  if (photo) {
    await page.setInputFiles("#camera", photo);
    await page.waitForSelector(".shots li");
  }
  if (place) await page.fill("#place", place);
  if (!save) return;
  await page.click("#save");
  await page.waitForSelector(".checklist");
}

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
  await signIn(page);
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
  await page.click("#retry");
  await page.waitForSelector(".status[data-line=online][data-waiting='0'], .status[data-line=sign-in]", { timeout: 30_000 });
  // A browser that is killed may not have written down yet that somebody signed in: then the app keeps everything and asks.
  if (await page.locator(".status[data-line=sign-in]").count()) {
    await signIn(page);
    await page.goto("/field#/queue");
  }
  await idle(page);
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

test("two tabs give no number twice and send nothing twice", { skip }, async () => {
  const { context, page, faults } = await phone("two");
  await signIn(page);
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
  await signIn(page);
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
  await signIn(page);
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
