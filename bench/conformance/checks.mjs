// What the scripts of this folder share: they are run as SCRIPT PROVIDER_URL TURNS FIRST_SESSION [NAME] and print a line of JSON
// for each check, which judge.ts judges.
import { z } from 'zod'

export const [, , url] = process.argv
const turns = Number(process.argv[3])
let session = Number(process.argv[4])
/** Of the checks, those whose name has this in it. */
const only = process.argv[5] ?? ''
const atOnce = 8

process.env.OPENAI_API_KEY = 'none'
process.env.OPENAI_BASE_URL = `${url}/v1`

/** Arguments of the workload's tool. */
export const order = z.object({ order: z.number().int() })
/** An answer that has a shape. */
export const shape = z.object({
  answer: z.string(),
  urgency: z.enum(['low', 'high']),
  steps: z.array(z.string()),
})

const askedFor = (named) => Object.entries(named).filter(([name]) => name.includes(only))
const say = (told) => console.log(JSON.stringify(told))
const failed = (error) => String(error?.stack ?? error).slice(0, 600)

/** Plays `play` for as many turns, several at once, by what a driven user says: the mark at its end names the turn. */
async function each(play) {
  const first = session
  session += turns
  let next = first
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < first + turns) await play(`Where is my order? (ref 00000001-${next++}-0)`)
    }),
  )
  return first
}

/** Checks whose `play` answers how many model calls a turn took, by the framework's own count. */
export async function loops(named) {
  for (const [name, play] of askedFor(named)) {
    const depths = {}
    const startedAtMs = performance.now()
    try {
      const first = await each(async (text) => {
        const depth = await play(text)
        depths[depth] = (depths[depth] ?? 0) + 1
      })
      say({ name, first, turns, depths, seconds: (performance.now() - startedAtMs) / 1000 })
    } catch (error) {
      say({ name, failed: failed(error) })
    }
  }
}

/** Checks of single answers; what does not fit makes `play` throw. */
export async function answers(named) {
  for (const [name, play] of askedFor(named)) {
    try {
      await each(play)
      say({ name: `${name}: ${turns} answers fit` })
    } catch (error) {
      say({ name, failed: failed(error) })
    }
  }
}
