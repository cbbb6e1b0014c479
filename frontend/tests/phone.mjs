// A phone of an inspector: a browser with a profile of its own, which survives being killed, and what is done on it.
import { mkdtempSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { PHONE } from "./browser.mjs";

/** Where somebody stands who has not been told to stand elsewhere. */
const HERE = { longitude: 114.3217, latitude: 29.8366, accuracy: 9 };

/** Phones that use the site at `base`; their profiles are removed by `end`. */
export function phones(base, { place = HERE } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "yuekao-phone-"));

  /** Switches a phone on. */
  async function phone(name) {
    const context = await chromium.launchPersistentContext(join(folder, name), {
      executablePath: process.env.YUEKAO_CHROMIUM ?? "/usr/bin/chromium", headless: true, args: ["--no-sandbox", "--no-first-run", "--disable-background-networking"],
      baseURL: base, viewport: PHONE, deviceScaleFactor: 2, isMobile: true, hasTouch: true, locale: "zh-CN", reducedMotion: "reduce",
      permissions: ["geolocation"], geolocation: place,
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

  /** Pictures that differ, drawn here; the path of one. */
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

  const end = () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  return { phone, kill, picture, end };
}

export async function signIn(page, login, password) {
  await page.goto("/login?next=/field");
  await page.fill("[name=login]", login);
  await page.fill("[name=password]", password);
  await page.click("form[action='/login'] button, main button");
  await page.waitForURL("**/field");
  await page.waitForSelector(".status[data-line=online]");
}

/** Waits until nothing waits. */
export const idle = (page) => page.waitForSelector(".status[data-line=online][data-waiting='0']", { timeout: 30_000 });

/** Sends what waits. A browser that is killed may not have written down that somebody had signed in: then the app keeps everything and asks. */
export async function handIn(page, login, password) {
  await page.click("#retry");
  await page.waitForSelector(".status[data-line=online][data-waiting='0'], .status[data-line=sign-in]", { timeout: 30_000 });
  if (await page.locator(".status[data-line=sign-in]").count()) {
    await signIn(page, login, password);
    await page.goto("/field#/queue");
  }
  await idle(page);
}

/** Records a finding from the checklist. */
export async function record(page, indicator, { value, severity, photo, place, save = true }) {
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
