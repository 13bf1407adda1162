import type { Brief } from '../../result/brief.ts'
import type { Derivation } from '../../result/derivation.ts'
import { formatExact } from '../../result/figure-text.ts'
import { type Markup, markup } from './markup.ts'
import { table } from './tables.ts'

/** The page for the person who pays, a paragraph for each question. */
export function briefSection(brief: Brief | undefined): Markup | undefined {
  if (!brief) return undefined
  const lines = brief.lines.map(({ label, text }) => markup`<dt>${label}</dt><dd>${text}</dd>`)
  return markup`<section class="plain"><h2>In plain words</h2><dl class="facts">${lines}</dl></section>`
}

/** How each figure came about, folded away one by one. */
export function derivationsSection(derivations: readonly Derivation[] = []): Markup | undefined {
  if (derivations.length === 0) return undefined
  return markup`<section><h2>Where the numbers come from</h2><p>Each figure with its formula, its inputs and its source. Values have six digits, so that the formula can be done by hand; ≈ stands where it does not hold exactly for this workload.</p><div class="derivations">${derivations.map(derivationItem)}</div></section>`
}

function derivationItem({ figure, formula, inputs, result, unit, source, exact }: Derivation): Markup {
  const rows = inputs.map((each) => [each.name, `${formatExact(each.value)} ${each.unit}`])
  const values =
    rows.length > 0 ? table({ label: `Inputs of ${figure}`, head: ['input', 'value'], rows }) : undefined
  return markup`<details><summary><span>${figure}</span><b>${`${exact ? '' : '≈ '}${formatExact(result)} ${unit}`}</b></summary><p>${formula}</p>${values}<p class="dim">${source}</p></details>`
}
