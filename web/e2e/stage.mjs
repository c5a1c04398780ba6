import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const run = promisify(execFile);

/** The real program. */
export const keniki =
  process.env.KENIKI ??
  join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "release", "keniki");

/** The invented prefecture as it is committed. */
export const demoFolder = join(root, "shapes", "demo");

/** Runs the program to its end. */
export const runKeniki = (...words) => run(keniki, words);

/** A running `keniki serve`. */
export async function serve(folder) {
  const server = spawn(keniki, ["serve", folder, "--port", "0"]);
  let errors = "";
  server.stderr.setEncoding("utf8").on("data", (text) => {
    errors += text;
  });
  const ended = once(server, "exit");
  for await (const line of createInterface({ input: server.stdout })) {
    const address = /^画面: (http:\/\/\S+)/.exec(line)?.[1];
    if (address) {
      server.stdout.resume();
      return {
        address: new URL(address),
        /** Asks it to end; says how it did. */
        async stop() {
          server.kill("SIGTERM");
          const [code] = await ended;
          return { code, errors };
        },
      };
    }
  }
  throw new Error(`keniki serve ended without an address: ${errors}`);
}

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--use-angle=swiftshader",
      "--enable-unsafe-swiftshader",
      "--ignore-gpu-blocklist",
    ],
  });

/** The screen of an office PC, and everything that went wrong on it. */
export class Screen {
  problems = [];

  static async open(browser, address, size = { width: 1366, height: 768 }) {
    const page = await browser.newPage({ viewport: size, reducedMotion: "reduce" });
    page.setDefaultTimeout(10_000);
    const screen = new Screen(page, address);
    await page.goto(address.href);
    await screen.settled();
    return screen;
  }

  constructor(page, address) {
    this.page = page;
    this.address = address;
    page.on("console", (message) => {
      if (message.type() === "error") this.problems.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.problems.push(`error: ${error.message}`));
    page.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      if (origin !== address.origin && !["blob:", "data:"].includes(protocol))
        this.problems.push(`outside: ${request.url()}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400) this.problems.push(`${response.status()}: ${response.url()}`);
    });
    page.on("requestfailed", (request) => {
      // The map gives up tiles that it no longer shows.
      const { errorText } = request.failure() ?? {};
      const givenUp = errorText === "net::ERR_ABORTED" && request.url().includes("/tiles/");
      if (!givenUp) this.problems.push(`${errorText}: ${request.url()}`);
    });
  }

  /** Waits until the map has drawn what the page asks for. */
  async settled() {
    // The map hears of a change only after the page has been painted.
    await this.page.evaluate(
      () =>
        new Promise((resolve) => {
          requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 20)));
        }),
    );
    await this.page.waitForFunction(() => {
      const map = globalThis.__keniki?.map;
      return document.body.dataset.state === "ready" && !map.isMoving() && map.areTilesLoaded();
    });
  }

  /** Opens a link to a view in the same tab. */
  async link(hash) {
    if ((await this.hash()).slice(1) === hash) return;
    await this.page.evaluate((to) => {
      document.body.dataset.state = "left";
      location.hash = to;
    }, hash);
    await this.settled();
  }

  hash() {
    return this.page.evaluate(() => decodeURIComponent(location.hash));
  }

  part(name) {
    return this.page.getByTestId(name);
  }

  /** The words of a part, with single spaces. */
  async words(name) {
    return (await this.part(name).innerText()).replace(/\s+/g, " ");
  }

  /** Different values of a property among what a layer of the map shows. */
  async drawn(layer, property) {
    const values = await this.page.evaluate(
      ([id, key]) =>
        globalThis.__keniki.map
          .queryRenderedFeatures({ layers: [id] })
          .map(({ properties }) => properties[key]),
      [layer, property],
    );
    return [...new Set(values)];
  }

  /** Where to click for the first thing of a layer that lies free of the page's own boxes. */
  async placeOf(layer, clearOf = []) {
    const place = await this.page.evaluate(
      ([id, others]) => {
        const { map } = globalThis.__keniki;
        const { x, y, width, height } = map.getContainer().getBoundingClientRect();
        for (let across = 40; across < width - 40; across += 6)
          for (let down = 60; down < height - 60; down += 6) {
            const [found] = map.queryRenderedFeatures([across, down], { layers: [id] });
            const hidden = map.queryRenderedFeatures([across, down], { layers: others });
            const onTop = document.elementFromPoint(x + across, y + down);
            if (found && hidden.length === 0 && onTop === map.getCanvas())
              return { x: x + across, y: y + down, properties: found.properties };
          }
        return null;
      },
      [layer, clearOf],
    );
    assert.ok(place, `nothing of ${layer} is on the map`);
    return place;
  }

  /** How many of the map's pixels have a colour, within a tolerance per channel. */
  pixels([red, green, blue], tolerance = 8) {
    return this.page.evaluate(
      ([wanted, most]) => {
        const canvas = globalThis.__keniki.map.getCanvas();
        const copy = document.createElement("canvas");
        copy.width = canvas.width;
        copy.height = canvas.height;
        const pen = copy.getContext("2d");
        pen.drawImage(canvas, 0, 0);
        const { data } = pen.getImageData(0, 0, copy.width, copy.height);
        let count = 0;
        for (let at = 0; at < data.length; at += 4)
          if (wanted.every((value, channel) => Math.abs(data[at + channel] - value) <= most))
            count += 1;
        return count;
      },
      [[red, green, blue], tolerance],
    );
  }
}

/** The invented prefecture, planned, served and open on the screen, for the tests of one suite. */
export class DemoStage {
  async open() {
    this.folder = await mkdtemp(join(tmpdir(), "keniki-e2e-"));
    this.browser = await launch();
    const results = join(this.folder, "demo");
    await runKeniki("demo", "--out", results, "--no-serve");
    this.server = await serve(results);
    this.screen = await Screen.open(this.browser, this.server.address);
    return this.screen;
  }

  /** Takes down what stands of it; fails if the server has anything to complain of. */
  async close() {
    await this.screen?.page.close();
    await this.browser?.close();
    const { code, errors } = (await this.server?.stop()) ?? {};
    await rm(this.folder, { recursive: true, force: true });
    assert.equal(code, 0, "the server ends well when it is asked to");
    assert.doesNotMatch(errors, /WARN|ERROR|panic/i);
  }
}
