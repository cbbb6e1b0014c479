import { launch, openPage, overflows, DESKTOP } from "./browser.mjs";
const base="http://127.0.0.1:18090", pw="7xdb-fd2r-qqsi-tke9";
const browser = await launch();
const as = async (login, opts={}) => { const {page,faults}=await openPage(browser,{base,...opts}); await page.goto("/login"); await page.fill("[name=login]",login); await page.fill("[name=password]",pw); await Promise.all([page.waitForNavigation(), page.click("main button")]); return {page,faults}; };
const list = JSON.parse(process.argv[2]);
for (const [login, opts, ...paths] of list) {
  const {page,faults}=await as(login,opts);
  let n=0;
  for (const p of paths) { await page.goto(p,{waitUntil:"load"}); await page.waitForTimeout(900); const name=`${login}${opts.phone?"-p":""}-${n++}`; await page.screenshot({path:`/tmp/x/shots/${name}.png`, fullPage: !opts.clip}); console.log(name,p,await page.title(), await overflows(page)?"OVERFLOWS":"", faults.splice(0).join(" | ")); }
  await page.context().close();
}
await browser.close();
