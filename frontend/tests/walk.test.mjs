// From the street to a closed case, in a real browser, as each of those who have a part in it. `YUEKAO_WALK` is a site that `yuekao demo`
// serves, with a month that has begun; `YUEKAO_WALK_PASSWORD` is the password of its accounts (see scripts/test-in-browser).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PHONE, launch, openPage, overflows } from "./browser.mjs";
import { handIn, idle, phones, record, signIn } from "./phone.mjs";

const base = process.env.YUEKAO_WALK;
const password = process.env.YUEKAO_WALK_PASSWORD;
const skip = base && password ? false : "no demo with a month that has begun is running: see scripts/test-in-browser";
const SHOTS = process.env.YUEKAO_SCREENSHOTS;

/** The county whose street it is, who answers for it, and those below and beside. */
const COUNTY = { code: "421221000000", name: "嘉鱼县", login: "jiayu" };
const TOWN = { code: "421221103000", login: "yuyue" };
const COMMUNITY = { code: "421221103001", login: "dongjie" };
const CHIEF = "chief3";
const DEPARTMENT = { code: "D21", name: "市环境卫生中心" };

let browser;
const desks = new Map();
before(async () => { if (!skip) browser = await launch(); });
after(async () => browser?.close());

/** Somebody at their desk; they sign in when they are first needed. */
async function desk(login, { phone = false } = {}) {
  if (desks.has(login)) return desks.get(login);
  const { page, faults } = await openPage(browser, { base, phone });
  await page.goto("/login");
  await page.fill("[name=login]", login);
  await page.fill("[name=password]", password);
  await page.click("main button");
  await page.waitForURL("**/desk");
  page.faults = faults;
  desks.set(login, page);
  return page;
}

async function shot(page, name) {
  assert.equal(await overflows(page), false, `${name} is wider than the screen`);
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/walk-${name}.png`, fullPage: true });
}

/** A form is sent, and the page that answers says nothing of a mistake. */
async function send(page, button) {
  await Promise.all([page.waitForNavigation(), page.locator(button).first().click()]);
  const fault = page.locator("main .notice.error, main [role=alert]");
  assert.equal(await fault.count(), 0, (await fault.count()) ? await fault.first().innerText() : "");
}

/** Does something to a case by the form that its page offers. */
async function act(login, id, kind, fill = async () => {}) {
  const page = await desk(login);
  await page.goto(`/desk/cases/${id}`);
  const form = page.locator(`#act-${kind}`);
  assert.equal(await form.count(), 1, `${login} may ${kind} ${id}: ${await page.locator("main").innerText()}`);
  await form.evaluate((details) => (details.open = true));
  await fill(form);
  await send(page, `#act-${kind} .actions button`);
}

const tiles = async (page) => (await page.locator(".tiles .tile .value").allInnerTexts()).map((text) => Number.parseInt(text, 10));

/** Rates of a group in a month, by the numbers over and under the line. */
async function rates(by, group, month) {
  const page = await desk("leader");
  const said = await page.request.get(`/desk/rates?by=${by}&from=${month}&to=${month}`, { headers: { accept: "application/json" } });
  const line = (await said.json()).lines.find(({ code }) => code === group);
  return { load: line?.load ?? 0, handled: line?.handling.part ?? 0, reworked: line?.rework.part ?? 0 };
}

/** A place inside one of a chief's grids. */
async function insideGridOf(login) {
  const page = await desk(login);
  await page.goto("/desk/chief");
  const data = JSON.parse(await page.locator("[data-island=grids] script[type='application/json']").first().innerText());
  for (const { geometry, properties } of data.features.features) {
    const rings = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.type === "MultiPolygon" ? geometry.coordinates : [];
    for (const [outer, ...holes] of rings) {
      const xs = outer.map(([x]) => x), ys = outer.map(([, y]) => y);
      for (let step = 1; step < 400; step += 1) {
        const [u, v] = [(step * 0.618034) % 1, (step * 0.414214) % 1];
        const at = [Math.min(...xs) + u * (Math.max(...xs) - Math.min(...xs)), Math.min(...ys) + v * (Math.max(...ys) - Math.min(...ys))];
        if (within(outer, at) && !holes.some((hole) => within(hole, at))) return { name: properties.name, longitude: at[0], latitude: at[1], accuracy: 6 };
      }
    }
  }
  throw new Error(`${login} has no grid with an inside`);
}

function within(ring, [x, y]) {
  let inside = false;
  ring.forEach(([ax, ay], i) => {
    const [bx, by] = ring[(i + 1) % ring.length];
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  });
  return inside;
}

test("a finding goes from the street to a closed case, and what hangs on it moves", { skip }, async () => {
  const place = await insideGridOf(CHIEF);
  const office = await desk("office");

  // The office serves at once today what the reviewer accepts: by the rules it waits hours after the team has left.
  await office.goto("/desk/case-rules");
  await office.fill("#serve_delay_minutes", "0");
  await send(office, "form[action='/desk/case-rules'] button.primary");

  // The agency takes a street of the county forward to today, and releases the day.
  const agency = await desk("agency");
  await agency.goto("/desk/plans");
  const plan = await agency.locator("tbody tr a").first().getAttribute("href");
  const month = plan.split("/").pop();
  await agency.goto("/desk/review");
  const inspectorDesk = await desk("inspector1");
  await inspectorDesk.goto("/desk/today");
  const date = (await inspectorDesk.locator("h1").innerText()).match(/(\d{4})年(\d+)月(\d+)日/);
  const today = date.slice(1).map((part) => part.padStart(2, "0")).join("-");
  await agency.goto(`${plan}?unit=${COUNTY.code}&state=assigned`);
  const street = agency.locator("tbody th a[href*=assignments]").first();
  const site = await street.innerText();
  await street.click();
  await agency.waitForURL("**/assignments/*");
  await agency.fill("#day", today);
  await agency.fill("#reason", "与相邻点位同日检查");
  const inspector = await agency.locator("#inspector").inputValue();
  await send(agency, "form[action$='/change'] button");
  await agency.goto(plan);
  await agency.selectOption("#release-day", today);
  await agency.fill("#release-reason", "当日发放");
  await send(agency, "form[action$='/release'] button");
  await agency.goto(`${plan}?state=assigned`);
  const later = await agency.locator("tbody tr:has(a[href*=assignments])").evaluateAll((rows) => rows.map((row) => ({ day: row.cells[0].innerText, site: row.cells[2].innerText, href: row.querySelector("a").getAttribute("href") })));
  assert.ok(later.length > 0, "something is planned for later");
  await shot(agency, "plan");

  // What stood before.
  await office.goto("/desk/rounds");
  await office.selectOption("[name=series]", "xianning");
  await office.fill("[name=month]", month);
  await send(office, "form:has([name=month]) button");
  const draft = office.url();
  const standing = async () => {
    await office.goto(draft);
    const row = office.locator("tbody tr", { hasText: COUNTY.name }).first();
    return Number((await row.locator("td").allInnerTexts()).find((text) => /^\d+\.\d+$/.test(text.trim())));
  };
  /** Cases that the departments' evaluation of the month knows of. */
  const departments = async () => {
    await office.goto("/desk/rounds");
    await office.selectOption("[name=series]", "departments");
    await office.fill("[name=month]", month);
    await send(office, "form:has([name=month]) button");
    const facts = await office.locator("main").innerText();
    return Number(facts.match(/案件 ([\d,]+) 件/)[1].replaceAll(",", ""));
  };
  const before = {
    standing: await standing(), unit: await rates("unit", COUNTY.code, month),
    department: await rates("department", DEPARTMENT.code, month), departments: await departments(),
  };
  const chief = await desk(CHIEF);
  await chief.goto("/desk/chief");
  before.chief = await tiles(chief);

  // The inspector goes offline and records three findings; the browser is killed and started again.
  const set = phones(base, { place });
  after(set.end);
  let { context, page, faults } = await set.phone("walk");
  await signIn(page, inspector, password);
  await page.waitForSelector(".tasks");
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  const photos = [];
  for (const seed of [31, 32, 33, 34, 35]) photos.push(await set.picture(page, seed));
  await context.setOffline(true);
  await page.reload();
  await page.click(`.tasks a:has-text("${site.slice(0, 6)}")`);
  await page.click("#start");
  await page.waitForSelector(".checklist");
  await record(page, "litter-on-road", { value: "9", photo: photos[0], place: "路口东侧" });
  await record(page, "cigarette-ends", { value: "13", photo: photos[1], place: "公交站旁" });
  await record(page, "road-dust", { severity: "general", photo: photos[2], place: "学校门前" });
  await set.kill(context, "walk");
  ({ context, page, faults } = await set.phone("walk"));
  await context.setOffline(true);
  await page.goto("/field#/queue");
  await page.waitForSelector(".queue li");
  await context.setOffline(false);
  await handIn(page, inspector, password);
  await page.goto("/field#/");
  await page.click(`.tasks a:has-text("${site.slice(0, 6)}")`);
  await page.click("#finish");
  await page.waitForSelector("#end");
  await page.click("#end");
  await page.waitForSelector(".tasks");
  await idle(page);
  assert.deepEqual(faults, []);
  await context.close();

  // They arrive once. Nobody in the county knows of them yet.
  const county = await desk(COUNTY.login);
  const count = async (page) => Number((await page.locator(".title-row .soft").first().innerText()).match(/\d+/)[0]);
  await county.goto("/desk/cases");
  const cases = await count(county);
  const reviewer = await desk("reviewer");
  await reviewer.goto(`/desk/review?inspector=${inspector}`);
  const titles = await reviewer.locator(".review-item h2").allInnerTexts();
  for (const word of ["路面垃圾", "烟头", "积尘"]) assert.equal(titles.filter((title) => title.includes(word)).length, 1, `${word} once in ${titles.join(" | ")}`);
  await shot(reviewer, "review");
  for (let left = 3; left > 0; left -= 1) {
    await reviewer.goto(`/desk/review?inspector=${inspector}`);
    await send(reviewer, "[data-review-accept]");
  }
  await reviewer.goto("/desk/review/visits");
  await send(reviewer, "button[form=accept]");
  const found = await standing();
  assert.ok(found < before.standing, `the county's score falls with what was found: ${before.standing}, ${found}`);
  await county.goto("/desk/cases");
  assert.equal(await count(county), cases, "what was not served does not exist for the county");

  // The dispatcher accepts, registers and serves them; the county passes one down to a town, which passes it to a community.
  const dispatcher = await desk("dispatcher");
  await dispatcher.goto("/desk/cases?stage=reported");
  const rows = await dispatcher.locator("tbody tr").evaluateAll((rows) => rows.map((row) => ({ id: row.querySelector("a").innerText, place: row.innerText })));
  const ids = ["路口东侧", "公交站旁", "学校门前"].map((where) => rows.find(({ place }) => place.includes(where))?.id);
  assert.ok(ids.every(Boolean), JSON.stringify(rows));
  for (const id of ids) await dispatcher.locator(`input[name=case][value="${id}"]`).check();
  await dispatcher.selectOption("#act", "accept");
  await send(dispatcher, "#bulk button");
  await send(dispatcher, "button[name=sure][value=yes]");
  for (const id of ids) {
    await act("dispatcher", id, "register");
    // The county answers for it; for one of them a line department is named as well.
    await act("dispatcher", id, "dispatch", async (form) => {
      if (id !== ids[0]) return;
      await form.locator("[name=unit]").selectOption(COUNTY.code);
      await form.locator("[name=department]").selectOption(DEPARTMENT.code);
      await form.locator("[name=text]").fill("需专业部门处置");
    });
  }
  await shot(dispatcher, "dispatched");
  await county.goto("/desk/cases?due=mine");
  for (const id of ids) assert.equal(await county.locator(`tbody a[href^="/desk/cases/${id}"]`).count(), 1, `${id} is the county's`);
  // The county goes through what waits for it by keys alone; a page takes keys once its help for them is there.
  const keys = () => county.locator(".notice.keys").waitFor({ state: "attached" });
  await keys();
  await county.keyboard.press("j");
  await county.keyboard.press("x");
  assert.equal(await county.locator("tbody input:checked").count(), 1, "x selects the row");
  const first = await county.locator("tbody a").first().innerText();
  await Promise.all([county.waitForURL(`**/desk/cases/${first}?from=*`), county.keyboard.press("Enter")]);
  await keys();
  await county.keyboard.press("1");
  assert.equal(await county.locator("details[data-key='1']").getAttribute("open"), "", "1 opens the first act");
  await county.locator("h1").click();
  await county.evaluate(() => document.activeElement.blur());
  await Promise.all([county.waitForURL((url) => url.search.startsWith("?from=") && !url.pathname.endsWith(first)), county.keyboard.press("n")]);
  await keys();
  await Promise.all([county.waitForURL("**/desk/cases?due=mine"), county.keyboard.press("l")]);
  await shot(county, "county");
  // On a phone the list comes first; filters and map are there when they are wanted.
  const { page: pocket } = await openPage(browser, { base, phone: true });
  await pocket.context().addCookies(await county.context().cookies());
  await pocket.goto("/desk/cases?due=mine");
  const folds = pocket.locator("details.fold");
  assert.deepEqual(await folds.evaluateAll((boxes) => boxes.map((box) => box.open)), [false, false]);
  const { y } = await pocket.locator("tbody tr").first().boundingBox();
  assert.ok(y < PHONE.height, `the first case is ${y} pixels down the phone`);
  await folds.first().locator("summary").click();
  await pocket.selectOption("#source", "agency");
  await Promise.all([pocket.waitForURL("**source=agency**"), pocket.locator("form.filters button").first().click()]);
  assert.deepEqual(await folds.evaluateAll((boxes) => boxes.map((box) => box.open)), [true, false], "what is filtered by is in sight");
  await shot(pocket, "county-phone");
  await pocket.context().close();
  await chief.goto("/desk/chief");
  assert.equal((await tiles(chief))[1], before.chief[1] + 3, "the chief sees three open cases in their grids");
  const one = ids[0];
  for (const [from, to] of [[COUNTY, TOWN], [TOWN, COMMUNITY]]) {
    await act(from.login, one, "pass-down", (form) => form.locator("[name=unit]").selectOption(to.code));
  }

  // It is fixed, fails, is reworked, passes and is closed. The verifier decides, not the handler.
  const fixed = (photo, text) => async (form) => {
    await form.locator("[name=photo]").setInputFiles(photo);
    await form.locator("[name=text]").fill(text);
  };
  const verified = (yes, text) => async (form) => {
    await form.locator(`[name=yes][value=${yes}]`).check();
    await form.locator("[name=text]").fill(text);
  };
  await act(COMMUNITY.login, one, "feedback", fixed(photos[3], "已清扫"));
  const said = await standing();
  assert.ok(said <= found, `saying that it is done raises nothing: ${found}, ${said}`);
  await act("verifier", one, "verify", verified("no", "墙角仍有垃圾"));
  const failed = await standing();
  assert.ok(failed <= said, `nor does failing: ${said}, ${failed}`);
  await chief.goto("/desk/chief");
  assert.deepEqual((await tiles(chief)).slice(1, 3), [before.chief[1] + 3, before.chief[2] + 1], "the chief sees what came back");
  await shot(chief, "chief");
  await act(COMMUNITY.login, one, "feedback", fixed(photos[4], "已全部清理"));
  await act("verifier", one, "verify", verified("yes", "现场干净"));
  await act("dispatcher", one, "close");
  const closed = await standing();
  assert.ok(closed > failed, `what was put right in time raises the score: ${failed}, ${closed}`);
  const community = await desk(COMMUNITY.login);
  await community.goto(`/desk/cases/${one}`);
  assert.match(await community.locator("[aria-current=step]").innerText(), /已结案/);
  await shot(community, "closed");

  // What hangs on it.
  await chief.goto("/desk/chief");
  assert.equal((await tiles(chief))[1], before.chief[1] + 2, "one of three is closed");
  const unit = await rates("unit", COUNTY.code, month);
  assert.deepEqual(unit, { load: before.unit.load + 3, handled: before.unit.handled + 1, reworked: before.unit.reworked + 1 });
  const department = await rates("department", DEPARTMENT.code, month);
  assert.deepEqual(department, { load: before.department.load + 1, handled: before.department.handled + 1, reworked: before.department.reworked + 1 });
  assert.equal(await departments(), before.departments + 1, "it counts for the departments' evaluation too");
  const leader = await desk("leader");
  await leader.goto(`/desk/rates?by=department&from=${month}&to=${month}`);
  await shot(leader, "rates");
  await shot(office, "standing");

  // A citizen reports without an account, and follows it by the link until it is closed.
  const { page: citizen } = await openPage(browser, { base, phone: true });
  await citizen.goto("/report");
  await citizen.setInputFiles("#photo", photos[2]);
  await citizen.fill("#place", "菜市场后门");
  await citizen.selectOption("#county", COUNTY.code);
  await citizen.locator(".choices label").first().click();
  await send(citizen, "form.report .actions button.primary");
  await send(citizen, "main .actions button.primary");
  const link = citizen.url();
  assert.match(await citizen.locator("main").innerText(), /已收到，等待受理/);
  await dispatcher.goto(`/desk/cases?stage=reported&q=${encodeURIComponent("菜市场后门")}`);
  const reported = await dispatcher.locator("tbody tr a").first().innerText();
  for (const kind of ["accept", "register", "dispatch"]) await act("dispatcher", reported, kind);
  await act(COUNTY.login, reported, "feedback", fixed(photos[3], "已清理"));
  await act("verifier", reported, "verify", verified("yes", "现场干净"));
  await act("dispatcher", reported, "close");
  await citizen.goto(link);
  assert.match(await citizen.locator("main").innerText(), /已办结/);
  await shot(citizen, "citizen");

  // The county looks for the plan of the days to come wherever it can.
  const names = new Set(later.map(({ site }) => site.trim()));
  const links = new Set();
  await county.goto("/desk");
  for (const href of await county.locator("a[href^='/']").evaluateAll((links) => links.map((link) => link.getAttribute("href")))) links.add(href);
  for (const path of ["/desk/plans", plan, later[0].href, "/desk/today", "/desk/frames/xianning", "/field/tasks", "/desk/review", draft.replace(base, "")]) {
    const answer = await county.request.get(path, { maxRedirects: 0 });
    assert.ok([403, 404].includes(answer.status()), `${path}: ${answer.status()}`);
  }
  for (const name of names) {
    links.add(`/desk/cases?q=${encodeURIComponent(name)}`);
    links.add(`/desk/cases.csv?q=${encodeURIComponent(name)}`);
    links.add(`/desk/grids?q=${encodeURIComponent(name)}`);
  }
  for (const link of links) {
    if (/logout|lang=/.test(link)) continue;
    const text = await (await county.request.get(link)).text();
    for (const { href } of later) assert.ok(!text.includes(href.split("/").pop()), `${link} names a site of the plan`);
    const shown = text.replaceAll(/value="[^"]*"/g, "");
    const dates = later.filter(({ day, site }) => shown.includes(day) && shown.includes(site.trim()));
    assert.deepEqual(dates, [], `${link} tells of the plan`);
  }
  for (const [login, page] of desks) assert.deepEqual(page.faults.filter((fault) => !/^40[34] /.test(fault)), [], login);
});

test("a form that is refused leads back to what was written, with what is wrong beside it", { skip }, async () => {
  const office = await desk("office");
  await office.goto("/desk/webhooks");
  await office.fill("[name=name]", "城市大脑");
  await office.fill("[name=url]", "ftp://example.org");
  await office.locator("[name=name]").evaluate((field) => (field.form.noValidate = true));
  await Promise.all([office.waitForNavigation(), office.click("main form button.primary")]);
  const fault = await office.locator("[data-refused]").innerText();
  assert.match(fault, /接收地址/);
  await Promise.all([office.waitForURL("**/desk/webhooks"), office.click("a[data-back]")]);
  assert.equal(await office.inputValue("[name=name]"), "城市大脑");
  assert.equal(await office.inputValue("[name=url]"), "ftp://example.org");
  assert.equal(await office.locator("main .notice.error").innerText(), fault);
  // Once it was left, nothing of it is kept.
  await office.goto("/desk");
  await office.goto("/desk/webhooks");
  assert.equal(await office.inputValue("[name=name]"), "");
  await shot(office, "webhooks");
  office.faults.length = 0;
});

test("all cases of a page are chosen at once, and the box says when all are", { skip }, async () => {
  const office = await desk("office");
  await office.goto("/desk/cases");
  const all = office.locator("thead input[type=checkbox]");
  const chosen = () => office.locator("tbody input[name=case]:checked").count();
  await all.check();
  const rows = await office.locator("tbody tr").count();
  assert.ok(rows > 1);
  assert.equal(await chosen(), rows);
  await office.locator("tbody input[name=case]").first().uncheck();
  assert.equal(await all.isChecked(), false);
  await all.check();
  await all.uncheck();
  assert.equal(await chosen(), 0);
});
