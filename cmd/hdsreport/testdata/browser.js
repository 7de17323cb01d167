// Opens a site in Chromium as its readers do, and says what is wrong with it: one fault a
// line. Of further sites, only the order and whether they fit on small screens.
// usage: node browser.js CHROMIUM FOLDER [FOLDER…]
"use strict";
const { chromium } = require("playwright-core");
const fs = require("fs"), path = require("path"), url = require("url");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [binary, ...folders] = process.argv.slice(2);
let folder = folders[0];
const at = file => {
  const [name, fragment] = file.split("#");
  return url.pathToFileURL(path.resolve(folder, name)).href + (fragment ? "#" + fragment : "");
};
const faults = [];
const must = (holds, said) => { if (!holds) faults.push(said); };
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// A new window costs more than all that is looked at in it, so there is one of each kind, and
// what is opened in it is loaded anew, from an empty page. The site keeps nothing elsewhere.
const windows = new Map();
let opened;
async function open(browser, file, options = {}) {
  opened = file;
  const kind = `${!!options.plain} ${!!options.axe}`;
  if (!windows.has(kind)) {
    const context = await browser.newContext({javaScriptEnabled: !options.plain, bypassCSP: !!options.axe});
    const page = await context.newPage();
    page.on("pageerror", e => faults.push(`${opened}: ${e.message}`));
    page.on("console", m => { if (m.type() === "error") faults.push(`${opened}: ${m.text()}`); });
    page.on("request", r => { if (!/^(file|data):/.test(r.url())) faults.push(`${opened} asks for ${r.url()}`); });
    windows.set(kind, page);
  }
  const page = windows.get(kind);
  await page.goto("about:blank");
  await page.setViewportSize({width: options.width ?? 1280, height: 800});
  await page.emulateMedia({media: null, colorScheme: options.dark ? "dark" : "light",
    forcedColors: options.forced ? "active" : "none"});
  await page.goto(at(file));
  return page;
}

async function accessible(browser, file, options) {
  const page = await open(browser, file, {...options, axe: true});
  await page.evaluate(axe);
  // Nothing is worked out about what is right.
  const found = await page.evaluate(only => axe.run(document, {runOnly: only, resultTypes: ["violations"]}), rules);
  for (const v of found.violations) faults.push(`${file} ${JSON.stringify(options)}: ${v.id}: ${v.nodes[0].html}`);
  must(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${file} scrolls sideways`);
}

// On small screens the page is no wider than the screen, no text of a table spills over its
// neighbour, and no word breaks but one that is longer than "Télécommunications" in the
// first column, with the script and without.
async function narrow(browser, file) {
  for (const [width, plain] of [[320, false], [320, true], [360, false], [768, false]]) {
    const page = await open(browser, file, {width, plain});
    for (const fault of await page.evaluate(() => {
      const out = document.documentElement.scrollWidth > innerWidth ? ["scrolls sideways"] : [];
      const range = document.createRange();
      // All at once: where rows are laid out when they are seen, each question would lay out one more.
      document.styleSheets[0].insertRule("*{content-visibility:visible!important}");
      for (const cell of document.querySelectorAll("th, td, dt, .answer, h1, h2, h3, label")) {
        if (!cell.checkVisibility() || cell.closest(".vh, code")) continue;
        if (cell.scrollWidth > cell.clientWidth + 1) out.push(`"${cell.textContent}" is wider than its place`);
        const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
        for (let text; text = texts.nextNode();)
          for (const word of text.data.matchAll(/[^\s\-–/]+/g)) {
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            const parts = [...range.getClientRects()];
            if (new Set(parts.map(r => Math.round(r.top))).size > 1 && parts.reduce((n, r) => n + r.width, 0) < 160)
              out.push(`"${word[0]}" is broken`);
          }
      }
      // A caption stays where it can be read when its table scrolls.
      for (const box of document.querySelectorAll(".scroll")) {
        const said = box.querySelector("caption:not(.vh)");
        if (!said) continue;
        box.scrollLeft = box.scrollWidth;
        range.selectNodeContents(said);
        const at = range.getBoundingClientRect(), seen = box.getBoundingClientRect();
        if (at.left < seen.left - 1 || at.right > seen.right + 1)
          out.push(`"${said.textContent}" scrolls away with its table`);
      }
      return out;
    })) faults.push(`${path.basename(folder)}/${file} at ${width} px${plain ? " without script" : ""}: ${fault}`);
  }
}

// The page of the actor with the longest name.
async function longest(browser) {
  const page = await open(browser, "index.html");
  return page.$$eval("#actors th a", all => all.sort((a, b) => b.text.length - a.text.length)[0].getAttribute("href"));
}

async function search(browser) {
  const page = await open(browser, "index.html");
  const shown = () => page.$$eval("#actors tbody tr:not([hidden])", rows => rows.map(r => r.dataset.actor));
  const count = () => page.$eval("#count", c => [c.dataset.count, c.dataset.total].map(Number));
  const hash = () => page.evaluate(() => location.hash);
  must(await page.getAttribute("html", "data-ready") === "1", "the script is not ready");
  must(await page.isVisible("#filters"), "the form is hidden");
  const all = (await shown()).length;
  await page.fill("#q", "INTEGRA  its");
  must((await shown()).join() === "its-integra", "search: " + await shown());
  must((await count()).join() === `1,${all}`, "count: " + await count());
  must(await hash() === "#q=INTEGRA++its", "address: " + await hash());
  await page.click("#reset");
  must((await shown()).length === all && await hash() === "", "reset: " + await hash());
  await page.selectOption("#list", "both");
  const both = +await page.getAttribute("[data-figure='both.actors']", "data-value");
  must((await shown()).length === both, `both: ${(await shown()).length}, want ${both}`);
  await page.click("th[data-sort=name] button");
  must(await hash() === "#list=both&sort=-name", "sort: " + await hash());
  must(await page.getAttribute("th[data-sort=name]", "aria-sort") === "descending", "aria-sort");
  await page.goBack();
  must(await hash() === "#list=both", "back: " + await hash());
  must(await page.getAttribute("th[data-sort=name]", "aria-sort") === "ascending", "aria-sort, back");
  await page.goto(at("index.html") + "#list=nobody&colour=red&sort=-activities");
  must((await shown()).length === all, "an unknown value filters");
}

// Sorted by name, the table is in the order that the page was written in, the workbook's.
async function ordered(browser) {
  const ids = page => page.$$eval("#actors tbody tr", rows => rows.map(r => r.dataset.actor));
  const plain = await open(browser, "index.html", {plain: true});
  const written = await ids(plain);
  const page = await open(browser, "index.html#sort=-position");
  must((await ids(page)).join() !== written.join(), `${folder}: not sorted by another column`);
  for (const [by, want] of [["-name", written.toReversed()], ["name", written]]) {
    await page.goto(at("index.html") + "#sort=" + by);
    const got = await ids(page), first = got.findIndex((id, i) => id !== want[i]);
    must(first < 0, `${folder}: sorted by ${by}, ${got[first]} stands in place of ${want[first]}`);
  }
}

async function charts(browser) {
  const page = await open(browser, "index.html");
  await page.keyboard.press("Tab");
  must(await page.evaluate(() => document.activeElement.getAttribute("href")) === "#main", "the first stop is not the skip link");
  for (const fault of await page.evaluate(() => {
    const out = [];
    for (const key of ["positions", "activities", "history"]) {
      const figure = document.querySelector(`figure[data-chart=${key}]`);
      const svg = figure.querySelector("svg[role=img]");
      if (!svg || !svg.querySelector("title").textContent) out.push(key + ": no name");
      if (!figure.querySelector("table")) out.push(key + ": no table");
      const scales = [...svg.querySelectorAll("rect[data-mark]")].map(r =>
        Math.max(+r.getAttribute("width"), +r.getAttribute("height")) / +r.dataset.value);
      if (scales.length && Math.max(...scales) > 1.01 * Math.min(...scales)) out.push(key + ": not in proportion");
    }
    return out;
  })) faults.push(fault);
}

// Without a script the page is whole, and no control is there that does nothing.
async function plain(browser) {
  const page = await open(browser, "index.html", {plain: true});
  const total = await page.getAttribute("#count", "data-total");
  must(await page.locator("#actors tbody tr").count() === +total, "rows without script");
  must(!await page.isVisible("#filters") && await page.locator("th button").count() === 0, "a control without script");
  must(await page.isVisible("figure[data-chart] svg"), "no chart without script");
}

// On paper: the rows of the present filter, the head on each page, no controls, black on white.
async function printed(browser) {
  const page = await open(browser, "index.html#list=both", {dark: true});
  await page.emulateMedia({media: "print"});
  const rows = await page.$$eval("#actors tbody tr", all => all.filter(r => r.getClientRects().length).length);
  must(rows === +await page.getAttribute("[data-figure='both.actors']", "data-value"), "printed rows: " + rows);
  for (const control of ["#filters", "#nav", "summary >> nth=0", "#downloads"])
    must(!await page.isVisible(control), "printed: " + control);
  must(await page.$eval("#actors thead", h => getComputedStyle(h).display) === "table-header-group", "printed: no head");
  must(await page.$eval("body", b => getComputedStyle(b).backgroundColor) === "rgb(255, 255, 255)", "printed: dark");
  must(await page.$eval("#table", r => getComputedStyle(r).overflowY) === "visible", "printed: rows are cut off");
}

async function embedded(browser) {
  const page = await open(browser, "index.html#embed=1&list=certified");
  must(!await page.isVisible("body > footer"), "embedded, with its footer");
  const rows = await page.$$eval("#actors tbody tr:not([hidden])", r => r.length);
  must(rows === +await page.getAttribute("[data-figure='certified.actors']", "data-value"), "embedded: " + rows);
}

(async () => {
  const browser = await chromium.launch({executablePath: binary, args: ["--no-sandbox"]});
  const actor = "acteurs/its-integra.html";
  for (const [file, options] of [["index.html", {}], ["index.html", {width: 320}], ["index.html", {width: 768}],
    ["index.html", {dark: true}], ["index.html", {forced: true}],
    ["index.html#list=both", {}], [actor, {}], [actor, {width: 320, dark: true}], ["404.html", {}]])
    await accessible(browser, file, options);
  await search(browser);
  await charts(browser);
  await embedded(browser);
  await plain(browser);
  await printed(browser);
  if (process.env.PICTURE) {
    const page = await open(browser, "index.html");
    await page.screenshot({path: process.env.PICTURE});
  }
  for (folder of folders) {
    await ordered(browser);
    await narrow(browser, "index.html");
    await narrow(browser, await longest(browser));
  }
  await browser.close();
  for (const f of faults) console.log(f);
  process.exit(faults.length ? 1 : 0);
})();
