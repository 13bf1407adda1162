import { iconHref, mark } from './mark.ts'
import { liveScript } from './live-client.ts'
import { Markup, markup } from './markup.ts'
import { style } from './style.ts'
import { chartLibrary } from './uplot-assets.ts'
import { hashOf } from './page.ts'

const liveStyle = `
.now { display: grid; grid-template-columns: repeat(auto-fit, minmax(120px, 1fr)); gap: 12px; margin: 0 0 16px; }
.now div { background: var(--paper); border: 1px solid var(--rule); border-radius: 10px; padding: 12px 16px; }
.now dt { color: var(--dim); font-size: 0.85rem; }
.now dd { margin: 0; font-size: 1.5rem; font-weight: 650; font-variant-numeric: tabular-nums; white-space: nowrap; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 16px; }
.charts figure { margin: 0; }
.charts figure > div { min-height: 160px; }
figcaption { font-weight: 650; font-size: 0.95rem; margin-bottom: 8px; }
section:has(> #objectives:empty) { display: none; }
#objectives { list-style: none; margin: 0; padding: 0; }
#objectives li { padding: 4px 0; }
#objectives .holds::before { content: '✓ '; color: var(--good); }
#objectives .missed::before { content: '✗ '; color: var(--bad); }
#objectives .undecided::before { content: '? '; color: var(--warn); }
#objectives .missed { color: var(--bad); }
progress { width: 100%; accent-color: var(--accent); }
`

const wordsOfUsers = { level: 'users', time: 'turn p95, lately', lost: 'without answer' }
const wordsOfCalls = { level: 'calls on the line', time: 'response p95, lately', lost: 'calls lost' }

interface LivePageContent {
  readonly name: string
  /** What is judged while nothing is known yet. */
  readonly objectives: readonly string[]
  readonly isOfCalls?: boolean | undefined
}

/** The page of a run that goes on; it asks `events` of its own server for what happens. Texts are set, never parsed. */
export function livePage({ name, objectives, isOfCalls }: LivePageContent): string {
  const words = isOfCalls ? wordsOfCalls : wordsOfUsers
  const library = chartLibrary()
  const styles = `${library.style}\n${style}\n${liveStyle}`
  const scripts = [library.script, liveScript()]
  const policy = [
    "default-src 'none'",
    'img-src data:',
    "connect-src 'self'",
    `style-src ${hashOf(styles)}`,
    `script-src ${scripts.map(hashOf).join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${name}, live</title>
<link rel="icon" href="${iconHref}">
<style>${new Markup(styles)}</style>
</head>
<body>
<main>
<header>${mark}<div><h1>${name}</h1><p id="state">waiting for the first turns</p></div></header>
<p><progress id="passed" max="1" value="0" aria-label="share of the run that has passed"></progress></p>
<dl class="now">
<div><dt id="level-name">${words.level}</dt><dd id="level">–</dd></div>
<div><dt>turns/s</dt><dd id="rate">–</dd></div>
<div><dt id="time-name">${words.time}</dt><dd id="p95">–</dd></div>
<div><dt>in flight</dt><dd id="flight">–</dd></div>
<div><dt id="lost-name">${words.lost}</dt><dd id="errors">–</dd></div>
</dl>
<section><h2>Objectives so far</h2><ul id="objectives">${objectives.map((text) => markup`<li class="undecided">${text}: –</li>`)}</ul></section>
<div class="charts" id="charts"></div>
</main>
${scripts.map((script) => markup`<script>${new Markup(script)}</script>\n`)}</body>
</html>
`.html
}
