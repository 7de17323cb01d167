"use strict";
(() => {
const doc = document.documentElement, $ = id => document.getElementById(id);
const form = $("filters"), table = $("actors"), count = $("count"), region = $("table");
const body = table.tBodies[0], rows = [...body.rows], word = doc.dataset;
const fold = s => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae")
  .replace(/ß/g, "ss").replace(/ς/g, "σ").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
const fields = ["q", "list", "position", "activity"];
const heads = [...table.tHead.rows[0].cells].filter(th => th.dataset.sort);
const number = new Intl.NumberFormat(doc.lang), text = new Intl.Collator("fr", {numeric: true});
const facts = rows.map(tr => ({tr, terms: " " + tr.dataset.terms, lists: " " + tr.dataset.lists + " ",
  position: tr.dataset.position, activities: " " + (tr.dataset.activities || "") + " "}));
const params = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
const embedded = params.get("embed") === "1";
const state = {}, start = {q: "", list: "", position: "", activity: "", sort: "name"};
let shown = "", sorted = "name";

function read() {
  const hash = location.hash.slice(1);
  if (!hash.includes("=") && hash !== "") return false; // an anchor
  const p = new URLSearchParams(hash);
  for (const f of fields) {
    const v = p.get(f) ?? "";
    state[f] = f === "q" || [...($(f)?.options ?? [])].some(o => o.value === v) ? v : "";
  }
  const by = p.get("sort") ?? "name";
  state.sort = heads.some(th => th.dataset.sort === by.replace(/^-/, "")) ? by : "name";
  return true;
}

function address() {
  const p = new URLSearchParams();
  if (embedded) p.set("embed", "1");
  for (const k of [...fields, "sort"]) if (state[k] !== start[k]) p.set(k, state[k]);
  const said = p.toString();
  return said ? "#" + said : location.pathname + location.search;
}

function write(push) {
  const to = address();
  if (to === location.hash || !to.startsWith("#") && location.hash === "") return;
  try {
    history[push ? "pushState" : "replaceState"](null, "", to);
  } catch { // some browsers refuse it for files
    if (to.startsWith("#")) location.replace(to);
  }
}

function filter() {
  const words = fold(state.q).split(" ").filter(Boolean);
  let n = 0;
  for (const f of facts) {
    const list = state.list === "both" ? f.lists === " approved certified " : !state.list || f.lists.includes(" " + state.list + " ");
    const on = list && (!state.position || f.position === state.position) &&
      (!state.activity || f.activities.includes(" " + state.activity + " ")) && words.every(w => f.terms.includes(w));
    if (f.tr.hidden === on) f.tr.hidden = !on;
    if (on) n++;
  }
  const said = n === rows.length ? word.all : n === 0 ? word.none : n === 1 ? word.one : word.some.replace("#", number.format(n));
  count.dataset.count = n;
  if (shown !== said) count.textContent = shown = said;
}

function value(f, by, at) {
  const cell = f.tr.cells[at], v = cell.dataset.v ?? cell.textContent;
  return by === "activities" ? (v === "" ? null : +v) : v === "" ? null : v;
}

function sort() {
  const down = state.sort.startsWith("-"), by = state.sort.replace(/^-/, "");
  for (const th of heads)
    th.setAttribute("aria-sort", th.dataset.sort !== by ? "none" : down ? "descending" : "ascending");
  if (state.sort === sorted) return;
  sorted = state.sort;
  const at = heads.find(th => th.dataset.sort === by).cellIndex;
  // By name the rows are in order as the page has them, the workbook's order: a browser's own differs.
  const keyed = facts.map((f, i) => ({tr: f.tr, i, v: by === "name" ? i : value(f, by, at)}));
  keyed.sort((a, b) => {
    if (a.v === null || b.v === null) return a.v === b.v ? a.i - b.i : a.v === null ? 1 : -1;
    const c = typeof a.v === "number" ? a.v - b.v : text.compare(a.v, b.v);
    return (down ? -c : c) || a.i - b.i;
  });
  const all = document.createDocumentFragment();
  for (const k of keyed) all.append(k.tr);
  body.append(all);
}

function apply() {
  for (const f of fields) if ($(f) && $(f).value !== state[f]) $(f).value = state[f];
  sort();
  filter();
}

function change(push, set) {
  Object.assign(state, set);
  write(push);
  apply();
}

for (const th of heads) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...th.childNodes);
  button.addEventListener("click", () =>
    change(true, {sort: state.sort === th.dataset.sort ? "-" + th.dataset.sort : th.dataset.sort}));
  th.append(button);
}
form.addEventListener("submit", e => e.preventDefault());
$("q").addEventListener("input", () => change(false, {q: $("q").value}));
for (const f of fields.slice(1)) $(f)?.addEventListener("change", () => change(true, {[f]: $(f).value}));
$("reset").addEventListener("click", () => { change(true, start); $("q").focus(); });
const again = () => { if (read()) apply(); };
addEventListener("popstate", again);
addEventListener("hashchange", again);

if (embedded) {
  doc.classList.add("embed");
  if (parent !== window) {
    let last = 0;
    const tell = () => {
      const height = Math.ceil(document.body.getBoundingClientRect().height);
      if (height === last) return;
      last = height;
      parent.postMessage({sentinel: "amp", type: "embed-size", height}, "*");
      parent.postMessage({hdsreport: {height}}, "*");
    };
    new ResizeObserver(tell).observe(document.body);
    tell();
  }
  for (const a of document.querySelectorAll('a[href]:not([href^="#"])')) a.target = "_top";
}
const days = Math.floor((Date.now() - Date.parse(word.day)) / 864e5);
if (days > +word.staleDays) {
  $("stale").textContent = word.stale.replace("#", number.format(days));
  $("stale").hidden = false;
}
Object.assign(state, start);
read();
form.hidden = false;
apply();
doc.dataset.ready = "1";
})();
