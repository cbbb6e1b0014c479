// Debian's Chromium driven by playwright-core. `YUEKAO_CHROMIUM` names another browser.
import { readFile } from "node:fs/promises";
import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
  // Maps need WebGL; machines for tests have no graphics card.
  "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist",
];

export const DESKTOP = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };

export function launch() {
  return chromium.launch({ executablePath: process.env.YUEKAO_CHROMIUM ?? "/usr/bin/chromium", headless: true, args: FLAGS });
}

/** A page that remembers everything that went wrong on it: script errors, refused content, missing files, outside hosts. */
export async function openPage(browser, { base, viewport = DESKTOP, dark = false, phone = false, locale = "zh-CN" }) {
  const context = await browser.newContext({
    baseURL: base, viewport: phone ? PHONE : viewport, deviceScaleFactor: phone ? 2 : 1, isMobile: phone, hasTouch: phone,
    colorScheme: dark ? "dark" : "light", locale, reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("console", (message) => message.type() === "error" && faults.push(`console: ${message.text()}`));
  page.on("response", (answer) => answer.status() >= 400 && faults.push(`${answer.status()} ${answer.url()}`));
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (/^https?:$/.test(protocol) && host !== new URL(base).host) faults.push(`outside host: ${request.url()}`);
  });
  return { page, faults };
}

/** Brings every island near the screen and waits until each is drawn or has failed. */
export async function islandsReady(page) {
  for (const figure of await page.locator("[data-island]").all()) await figure.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => [...document.querySelectorAll("[data-island]")].every((f) => /ready|failed/.test(f.dataset.state ?? "")));
  await page.waitForTimeout(600);
  return page.locator("[data-island]").evaluateAll((figures) => figures.map((figure) => figure.dataset.state));
}

/** Whether the page is wider than the screen: the commonest fault on a phone. */
export const overflows = (page) => page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

/** Rules of WCAG 2.2 AA that the page breaks. */
export async function violations(page) {
  const axe = await readFile(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
  });
}
