import { createHash } from 'node:crypto'
import type { ChartSpec } from './chart-spec.ts'
import { clientScript } from './client.ts'
import { iconHref } from './mark.ts'
import { Markup, markup, scriptJson } from './markup.ts'
import { style } from './style.ts'
import { chartLibrary } from './uplot-assets.ts'

export interface Page {
  readonly title: string
  readonly body: Markup
  readonly charts: readonly ChartSpec[]
}

/** One file that needs nothing else: its policy lets it reach no network and run only the two scripts it came with. */
export function page(content: Page): string {
  const library = chartLibrary()
  const scripts = content.charts.length > 0 ? [library.script, clientScript()] : []
  const styles = `${library.style}\n${style}`
  const policy = [
    "default-src 'none'",
    'img-src data:',
    `style-src ${hashOf(styles)}`,
    `script-src ${scripts.length > 0 ? scripts.map(hashOf).join(' ') : "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const html = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${content.title}</title>
<link rel="icon" href="${iconHref}">
<style>${new Markup(styles)}</style>
</head>
<body>
${content.body}
<script type="application/json" id="chart-data">${scriptJson(content.charts)}</script>
${scripts.map((script) => markup`<script>${new Markup(script)}</script>\n`)}</body>
</html>
`
  return html.html
}

/** How a page's policy names a script or a style that it lets run. */
export function hashOf(content: string): string {
  return `'sha256-${createHash('sha256').update(content).digest('base64')}'`
}
