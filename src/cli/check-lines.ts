import { textTable } from '../report/text-table.ts'
import { cleanText } from '../report/clean.ts'
import type { Workload } from '../workload/workload.ts'
import { inputCount } from './inputs.ts'

/** What a file without mistakes holds: its parts in a line, and its ranges. */
export function checkLines(file: string, workload: Workload): string[] {
  return [`${file} is a workload: ${partsOf(workload)}`, ...rangeLines(workload)]
}

/** `2 scenarios, 1 tool, 3 objectives; of 21 inputs 4 guessed`. */
function partsOf(workload: Workload): string {
  const parts = [
    count(workload.scenarios, 'scenario'),
    count(workload.tools, 'tool'),
    count(workload.objectives, 'objective'),
  ]
  const inputs = inputCount(workload)
  const total = Object.values(inputs).reduce((sum: number, each: number) => sum + each, 0)
  return `${parts.join(', ')}; of ${total} inputs ${inputs.guessed} guessed`
}

function rangeLines({ ranges, origins }: Workload): string[] {
  if (!ranges) return []
  const rows = ranges.inputs.map(({ path, low, middle, high }) => [
    cleanText(path),
    `${low}..${high}`,
    middle,
    origins.get(path) ?? 'given',
  ])
  const table = textTable({ head: ['', 'range', 'read as', 'origin'], rows, left: [0, 1, 2, 3] })
  return [
    `${count(ranges.inputs, 'range')}, read as the middle; plan tells what the answer makes of them`,
    ...table.map((line) => `  ${line}`),
  ]
}

const count = (items: readonly unknown[], one: string): string =>
  `${items.length} ${one}${items.length === 1 ? '' : 's'}`
