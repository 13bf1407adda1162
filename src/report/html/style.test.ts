import { expect, test } from 'vitest'
import { style } from './style.ts'

/** Relative luminance, as WCAG 2 has it. */
function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = parseInt(color.slice(at, at + 2), 16) / 255
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (light! + 0.05) / (dark! + 0.05)
}

/** What is drawn must stand out three to one, what is read four and a half (WCAG 2.2, 1.4.11 and 1.4.3). */
test.each([
  ['light', style.slice(0, style.indexOf('@media'))],
  ['dark', style.slice(style.indexOf('@media'), style.indexOf('* {'))],
])('colours of the %s scheme stand out from the paper', (_, block) => {
  const colors = new Map(
    [...block.matchAll(/--([\w-]+): (#[\da-f]{6})/g)].map(([, name, color]) => [name!, color!]),
  )
  const onPaper = (name: string): number => contrast(colors.get(name)!, colors.get('paper')!)
  const engines = ['solved', 'simulated', 'measured', 'observed']
  const parts = Array.from({ length: 8 }, (_, i) => `part-${i}`)
  expect([...engines, ...parts].filter((name) => onPaper(name) < 3)).toEqual([])
  const words = ['ink', 'dim', 'accent', 'good', 'bad', 'warn']
  expect(words.filter((name) => onPaper(name) < 4.5)).toEqual([])
})
