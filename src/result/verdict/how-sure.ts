import type { Capacity, Sensitivity } from '../capacity.ts'
import { formatChange, formatCount } from '../figure-text.ts'
import type { InputCount } from '../run.ts'
import { loadUnit } from '../load-words.ts'
import { fieldText, listText } from './words.ts'

/** Which engine says so, where the inputs come from, and the two on which the answer hangs most. */
export function howSure(main: Capacity, capacities: readonly Capacity[], inputs: InputCount): string {
  return [originText(main), ...leftOut(main, capacities), inputsText(inputs), ...hangsOn(main)]
    .filter((part) => part !== '')
    .join('; ')
}

function originText({ origin, approximate, probes }: Capacity): string {
  if (origin === 'measured') {
    const speed = Math.max(1, ...probes.map(({ summary }) => summary.speed))
    return speed > 1
      ? `measured with time compressed ×${formatCount(speed)}, to be confirmed at speed 1`
      : 'measured'
  }
  const how = approximate ? `${origin} (approximately)` : origin
  return origin === 'observed' ? how : `${how}, not measured`
}

const engineWords = {
  solved: 'algebra',
  simulated: 'simulation',
  measured: 'measurement',
  observed: 'observation',
}

/** Why stands beside the answers: here only that it is so. */
function leftOut(main: Capacity, capacities: readonly Capacity[]): string[] {
  return capacities
    .filter((capacity) => capacity.origin !== main.origin && capacity.invalid)
    .map(({ origin }) => `the ${engineWords[origin]} is left out as not valid`)
}

/** `of 36 inputs 25 given, 10 guessed`. */
export function inputsText({ given, preset, measured, guessed }: InputCount): string {
  const total = given + preset + measured + guessed
  if (total === 0) return ''
  const counts: [number, string][] = [
    [given, 'given'],
    [measured, 'measured'],
    [preset, preset === 1 ? 'from a preset' : 'from presets'],
    [guessed, 'guessed'],
  ]
  const list = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`)
  return `of ${total} ${total === 1 ? 'input' : 'inputs'} ${list.join(', ')}`
}

/** The two inputs that an answer hangs on most, the strongest first. */
export function strongestOf(inputs: readonly Sensitivity[]): Sensitivity[] {
  return inputs
    .toSorted((a, b) => Math.abs(b.elasticity) - Math.abs(a.elasticity))
    .slice(0, 2)
    .filter(({ elasticity }) => elasticity !== 0)
}

/** What a tenth more of an input changes, the perturbation that elasticities come from: `+4.2 %`. */
export function tenthMoreText({ elasticity }: Sensitivity): string {
  return formatChange(1.1 ** elasticity - 1)
}

function hangsOn(capacity: Capacity): string[] {
  const { sensitivity = [] } = capacity
  const strongest = strongestOf(sensitivity)
  if (strongest.length === 0) return []
  const unit = loadUnit(capacity)
  const each = strongest.map(
    (input, index) =>
      `${fieldText(input.field)} (${originWord(input)}; ${index === 0 ? '10 % more of it: ' : ''}${tenthMoreText(input)}${index === 0 ? ` ${unit}` : ''})`,
  )
  const guessed = strongest.filter(({ origin }) => origin === 'guessed').map(({ field }) => fieldText(field))
  const measure = guessed.length > 0 ? [`make sure of ${listText(guessed)} first`] : []
  return [`the answer hangs most on ${listText(each)}`, ...measure]
}

/** Where an input comes from, as it stands in a sentence. */
export function originWord({ origin }: Pick<Sensitivity, 'origin'>): string {
  return origin === 'preset' ? 'from a preset' : origin
}
