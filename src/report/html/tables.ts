import { type Markup, markup } from './markup.ts'

type Cell = string | Markup

export interface HtmlTable {
  /** Said to those who do not see the heading above it. */
  readonly label: string
  readonly head: readonly Cell[]
  /** The first cell of a row is its heading. */
  readonly rows: readonly (readonly Cell[])[]
  readonly className?: string
  /** Columns set flush left besides the first. */
  readonly left?: readonly number[]
  /** Rows set large. */
  readonly strong?: readonly number[]
}

/** A table that scrolls by itself where it is wider than the page. */
export function table(content: HtmlTable): Markup {
  const side = (column: number): string => (content.left?.includes(column) ? 'left' : '')
  const head = content.head.map(
    (cell, column) => markup`<th scope="col" class="${side(column)}">${cell}</th>`,
  )
  const rows = content.rows.map((row, index) => {
    const cells = row.map((cell, column) =>
      column === 0 ? markup`<th scope="row">${cell}</th>` : markup`<td class="${side(column)}">${cell}</td>`,
    )
    return markup`<tr class="${content.strong?.includes(index) ? 'strong' : ''}">${cells}</tr>`
  })
  return markup`<div class="scroll" role="region" tabindex="0" aria-label="${content.label}"><table class="${content.className ?? ''}"><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`
}

/** The numbers behind a picture, folded away. */
export function tableBehind(content: HtmlTable): Markup {
  const label = `${content.label}, the numbers`
  return markup`<details><summary aria-label="${label}">The numbers</summary>${table({ ...content, label })}</details>`
}
