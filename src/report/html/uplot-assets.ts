// Edge file: reads the chart library's own files from where it is installed.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

export interface ChartLibrary {
  readonly script: string
  readonly style: string
}

let loaded: ChartLibrary | undefined

/** uPlot as one script and one style sheet, to be put into the page. */
export function chartLibrary(): ChartLibrary {
  loaded ??= load()
  return loaded
}

function load(): ChartLibrary {
  const folder = dirname(createRequire(import.meta.url).resolve('uplot'))
  return {
    script: readFileSync(join(folder, 'uPlot.iife.min.js'), 'utf8'),
    style: readFileSync(join(folder, 'uPlot.min.css'), 'utf8'),
  }
}
