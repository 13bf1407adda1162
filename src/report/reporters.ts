import { csv } from './csv.ts'
import { html } from './html.ts'
import { json } from './json.ts'
import { junit } from './junit.ts'
import { markdown } from './markdown.ts'
import { otlp } from './otlp.ts'
import { prometheus } from './prometheus.ts'
import type { Reporter } from './reporter.ts'
import { terminal } from './terminal.ts'

/** Every way to tell a run. A new one is a file, a line here, and the contract test. */
export const reporters = { terminal, markdown, html, json, junit, csv, prometheus, otlp } satisfies Record<
  string,
  Reporter
>
