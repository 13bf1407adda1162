/** The page's own style: system fonts, one column, two where there is room; light, dark and paper. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #f4f6f8; --paper: #ffffff; --ink: #17212b; --dim: #566472; --rule: #dde3e9;
  --accent: #1d5c96; --good: #0b7a66; --bad: #b3261e; --warn: #8a5a00; --warn-paper: #fff6e0; --bad-paper: #fdeceb;
  --band: rgba(23, 33, 43, 0.09);
  --solved: #2469b3; --simulated: #c96a00; --measured: #17212b; --observed: #8a3f7c;
  --part-0: #2469b3; --part-1: #cf7c14; --part-2: #0f8f77; --part-3: #cc6aac; --part-4: #3f9ad6; --part-5: #a3260f; --part-6: #4b5560; --part-7: #857300;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e141a; --paper: #161e27; --ink: #e6ebf1; --dim: #9dabb9; --rule: #2b3743;
    --accent: #7db8ee; --good: #4cc9ae; --bad: #ff8a80; --warn: #f2c464; --warn-paper: #2c2412; --bad-paper: #361a19;
    --band: rgba(230, 235, 241, 0.11);
    --solved: #6aaef2; --simulated: #f0a24e; --measured: #f3f6f9; --observed: #d59aca;
    --part-0: #5a9fe6; --part-1: #eaa650; --part-2: #3fb79e; --part-3: #d98cc0; --part-4: #97cdf0; --part-5: #ea7a62; --part-6: #7f8c99; --part-7: #f2ea9a;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
main { overflow-wrap: break-word; max-width: 1080px; margin: 0 auto; padding: 28px 16px 64px; }
a { color: var(--accent); }
header { display: flex; gap: 14px; align-items: center; margin-bottom: 20px; }
header .mark { color: var(--accent); flex: none; }
header h1 { font-size: 1.15rem; line-height: 1.3; margin: 0; font-weight: 650; overflow-wrap: anywhere; }
header p { margin: 0; color: var(--dim); font-size: 0.875rem; }
section, figure.chart { background: var(--paper); border: 1px solid var(--rule); border-radius: 10px; padding: 20px; margin: 0 0 16px; min-width: 0; }
h2 { font-size: 1.05rem; line-height: 1.35; margin: 0 0 4px; font-weight: 650; }
.scroll + .facts, h2 + .facts { margin-top: 14px; }
h3 { font-size: 0.95rem; line-height: 1.35; margin: 18px 0 8px; font-weight: 650; }
h2.part { margin: 28px 4px 12px; break-after: avoid; }
h2 + p, .lead { color: var(--dim); margin: 0 0 14px; font-size: 0.9rem; max-width: 70ch; }
.headline { font-size: 1.55rem; line-height: 1.3; font-weight: 650; margin: 0 0 18px; letter-spacing: -0.012em; text-wrap: pretty; overflow-wrap: anywhere; }
.headline:last-child { margin-bottom: 0; }
.verdict { padding: 28px 24px 22px; border-top: 4px solid var(--accent); }
.verdict dl { display: grid; grid-template-columns: fit-content(35%) 1fr; gap: 8px 24px; margin: 0; }
.verdict dt { color: var(--dim); }
.verdict dd { margin: 0; overflow-wrap: anywhere; }
.banner { border-radius: 10px; padding: 14px 18px; margin: 0 0 16px; border: 1px solid; }
.banner p { margin: 0; overflow-wrap: anywhere; }
.banner.bad { background: var(--bad-paper); border-color: var(--bad); color: var(--bad); border-width: 2px; }
.banner.bad strong { font-size: 1.1rem; }
.banner.note { background: var(--warn-paper); border-color: var(--warn); color: var(--warn); }
.agreement { margin: 14px 0 0; max-width: 75ch; }
.agreement::before { content: ""; display: inline-block; width: 9px; height: 9px; border-radius: 50%; margin-right: 9px; background: var(--warn); }
.agreement.agrees::before { background: var(--good); }
.scroll { overflow-x: auto; background:
  linear-gradient(90deg, var(--paper) 30%, transparent) left / 36px 100% no-repeat local,
  linear-gradient(270deg, var(--paper) 30%, transparent) right / 36px 100% no-repeat local,
  linear-gradient(90deg, var(--rule), transparent) left / 12px 100% no-repeat scroll,
  linear-gradient(270deg, var(--rule), transparent) right / 12px 100% no-repeat scroll; }
.scroll + .scroll { margin-top: 20px; }
.figures td, .times td, .times thead th { white-space: nowrap; }
.times th:first-child, .figures th:first-child { position: sticky; left: 0; background: var(--paper); }
.scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 0.925rem; }
th, td { text-align: right; padding: 7px 0 7px 16px; border-bottom: 1px solid var(--rule); vertical-align: top; font-weight: 400; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
th.left, td.left { text-align: left; }
thead th { color: var(--dim); font-size: 0.85rem; vertical-align: bottom; }
tbody th { color: var(--dim); text-align: left; }
tbody tr:last-child > * { border-bottom: 0; }
tr.strong > td { font-weight: 650; font-size: 1.1em; }
.answers thead th { white-space: nowrap; }
.answers.single { max-width: 30rem; }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); } .dim { color: var(--dim); }
.word { white-space: nowrap; }
.charts { display: grid; grid-template-columns: minmax(0, 1fr); gap: 16px; margin-bottom: 16px; }
figure.chart { margin: 0; }
figcaption { display: block; }
.plot { min-height: 230px; }
.plot canvas { display: block; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; list-style: none; padding: 0; margin: 0 0 8px; font-size: 0.85rem; color: var(--dim); }
.legend li { display: inline-flex; align-items: center; gap: 7px; }
.legend svg { flex: none; }
details { margin-top: 10px; font-size: 0.9rem; }
summary { cursor: pointer; color: var(--accent); width: max-content; max-width: 100%; border-radius: 4px; }
summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.tip { position: absolute; top: 6px; z-index: 5; pointer-events: none; background: var(--paper); color: var(--ink); border: 1px solid var(--rule); border-radius: 6px; padding: 6px 10px; font-size: 0.8rem; line-height: 1.45; white-space: nowrap; box-shadow: 0 2px 10px rgba(0, 0, 0, 0.14); font-variant-numeric: tabular-nums; }
.tip[hidden] { display: none; }
.tip div:first-child { color: var(--dim); }
.u-cursor-x { border-right-color: var(--dim) !important; }
.bars { display: grid; grid-template-columns: minmax(90px, max-content) minmax(0, 1fr) max-content; gap: 10px 14px; align-items: center; font-variant-numeric: tabular-nums; font-size: 0.925rem; margin: 0; padding: 0; list-style: none; }
.bars > li { display: contents; }
.bars.above { grid-template-columns: minmax(40%, 1fr) fit-content(60%); gap: 2px 12px; }
.bars.above > li { display: grid; grid-column: 1 / -1; grid-template-columns: subgrid; align-items: end; }
.bars.above .bar { grid-column: 1 / -1; order: 3; margin: 2px 0 10px; }
.bars.above svg { height: 12px; }
.bars .name code { overflow-wrap: anywhere; }
.bars .name { overflow-wrap: anywhere; }
.bars .value { text-align: right; }
.bars svg { display: block; width: 100%; height: 18px; }
.track { fill: var(--rule); opacity: 0.55; }
.gap { stroke: var(--paper); stroke-width: 1.5; vector-effect: non-scaling-stroke; }
.limit-line { stroke: var(--bad); stroke-width: 2; vector-effect: non-scaling-stroke; }
.zero-line { stroke: var(--dim); stroke-width: 1; vector-effect: non-scaling-stroke; }
.f-solved { fill: var(--solved); } .f-simulated { fill: var(--simulated); } .f-measured { fill: var(--measured); } .f-observed { fill: var(--observed); }
.f-accent { fill: var(--accent); } .f-warn { fill: var(--simulated); } .f-bad { fill: var(--bad); } .f-good { fill: var(--good); } .f-dim { fill: var(--dim); } .f-paper { fill: var(--paper); } .f-band { fill: var(--band); }
.s-solved { stroke: var(--solved); } .s-simulated { stroke: var(--simulated); } .s-measured { stroke: var(--measured); } .s-observed { stroke: var(--observed); }
.s-good { stroke: var(--good); } .s-bad { stroke: var(--bad); } .s-ink { stroke: var(--ink); }
.p-0 { fill: var(--part-0); } .p-1 { fill: var(--part-1); } .p-2 { fill: var(--part-2); } .p-3 { fill: var(--part-3); } .p-4 { fill: var(--part-4); } .p-5 { fill: var(--part-5); } .p-6 { fill: var(--part-6); } .p-7 { fill: var(--part-7); }
.tag { display: inline-block; border: 1px solid currentColor; border-radius: 999px; padding: 0 8px; font-size: 0.75rem; line-height: 1.5; margin-left: 6px; overflow-wrap: anywhere; }
.facts { display: grid; grid-template-columns: fit-content(35%) 1fr; gap: 6px 20px; margin: 0; font-size: 0.925rem; }
.facts dt { color: var(--dim); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.pair { display: grid; grid-template-columns: minmax(0, 1fr); gap: 16px; margin-bottom: 16px; }
.pair > section { margin: 0; }
.plain dd { max-width: 70ch; }
.derivations { display: grid; grid-template-columns: minmax(0, 1fr); }
.derivations details { margin: 0; border-top: 1px solid var(--rule); min-width: 0; }
.derivations details[open] { padding-bottom: 14px; }
.derivations summary { width: auto; padding: 7px 0; color: var(--ink); display: flex; flex-wrap: wrap; gap: 2px 12px; align-items: baseline; list-style: none; }
.derivations summary::-webkit-details-marker { display: none; }
.derivations summary::before { content: "+"; color: var(--accent); width: 0.7em; flex: none; }
.derivations details[open] > summary::before { content: "\\2212"; }
.derivations summary span:first-child { flex: 1 1 0; min-width: 9em; overflow-wrap: anywhere; }
.derivations summary b { margin-left: auto; font-weight: 600; font-variant-numeric: tabular-nums; }
.derivations p { margin: 4px 0 8px; max-width: 75ch; }
.derivations table { max-width: 36rem; }
code { font: 0.9em ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: break-word; }
footer { color: var(--dim); font-size: 0.85rem; margin-top: 24px; overflow-wrap: anywhere; }
@media (min-width: 860px) {
  main { padding-top: 44px; }
  .charts { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .charts .tall { grid-column: 1 / -1; }
  .charts.one-and-three { grid-template-columns: repeat(3, minmax(0, 1fr)); }
  .pair { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .pair > :only-child { grid-column: 1 / -1; }
  .verdict { padding: 34px 36px 28px; }
  .headline { font-size: 1.9rem; }
}
@media (max-width: 560px) {
  section, figure.chart { padding: 16px 14px; }
  .verdict { padding: 20px 16px; }
  .headline { font-size: 1.3rem; }
  .verdict dl, .facts { grid-template-columns: 1fr; gap: 0; }
  .verdict dd, .facts dd { margin-bottom: 10px; }
  .verdict dt, .facts dt { font-size: 0.85rem; }
  th, td { padding-left: 10px; }
  .plan td.left { min-width: 10em; }
  .plan tbody th { min-width: 5em; }
  table { font-size: 0.875rem; }
  .answers thead th { white-space: normal; }
  .answers { font-size: 0.8rem; }
  .answers th:not(:first-child), .answers td { padding-left: 6px; }
  .answers thead svg { display: block; margin: 0 0 2px auto; }
}
@media print {
  :root { color-scheme: light; --page: #fff; --paper: #fff; --ink: #000; --dim: #444; --rule: #ccc; --accent: #1d5c96; --good: #0b7a66; --bad: #b3261e; --warn: #6b4600; --warn-paper: #fff; --bad-paper: #fff;
    --band: rgba(0, 0, 0, 0.09); --solved: #2469b3; --simulated: #c96a00; --measured: #000; --observed: #8a3f7c; }
  main { max-width: none; padding: 0; }
  section, figure.chart { break-inside: avoid; border-radius: 0; }
  .charts { grid-template-columns: minmax(0, 1fr); }
  summary { display: none; }
}
`
