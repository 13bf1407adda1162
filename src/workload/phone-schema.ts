import { z } from 'zod'
import { instantUnit } from './arrivals-schema.ts'
import { type Fields, reading } from './fields.ts'
import type { Traces } from './parse-distribution.ts'
import { readCallRecords } from './recorded-calls.ts'

/** Conversations that people take over: of calls, and of the sessions of a scenario. */
export function handOffSchema(f: Fields) {
  return z.strictObject({ share: f.share.describe(ofWhat), ...handOffFields(f) }).describe(whatPeopleDo)
}

const ofWhat = 'Of the calls, or of the sessions of the scenario.'
const whatPeopleDo = 'What people take over from the agent.'

function handOffFields(f: Fields) {
  return {
    talk: f.durationsAbove0.describe('How long a person is busy with one.'),
    patience: f.durationsAbove0
      .optional()
      .describe('How long a user waits for a person; for ever where not written.'),
    within: f.duration.describe('How soon the share answered is to be answered.'),
    answered: f.share.describe('Share to be answered within that time.'),
    atOnce: f.whole1.optional().describe('Conversations that one person holds at once; 1 on the telephone.'),
  }
}

/** Call records, or counts of half hours, from which everything about the load is read. */
function recordsSchema(traces?: Traces) {
  const column = z.string().min(1)
  const hour = z.int().min(0).max(24).describe('An hour of the day, by the clock of the file.')
  return z
    .strictObject({
      file: column.describe('A CSV file, or .csv.gz, beside this one: a row a call, or a row a half hour.'),
      at: column.describe('Its column of instants at which calls, or half hours, begin.'),
      unit: instantUnit,
      duration: column.optional().describe('Its column of seconds that each call lasted.'),
      handedOff: column.optional().describe('Its column of whether a person took over: 1 or 0, yes or no.'),
      calls: column.optional().describe('Its column of calls, where a row is a half hour.'),
      meanDuration: column.optional().describe('Its column of mean seconds, where a row is a half hour.'),
      open: z
        .strictObject({ from: hour, to: hour })
        .optional()
        .describe('Opening hours, Monday to Friday: { from: 8, to: 18 } where not written.'),
    })
    .transform(reading((section) => readCallRecords(section, traces)))
    .describe('Calls as they were: the busiest half hour, durations and hand-offs come from there.')
}

/** Calls by telephone and everything that a call needs. */
export function phoneSchema(f: Fields, traces?: Traces) {
  const vendorFields = {
    like: z.string().min(1).optional().describe('A vendor’s default limits, dated.'),
    concurrent: f.whole1.optional().describe('Calls, sessions or streams at once.'),
    perCall: f.above0.optional().describe('Of them, how many a call holds; 1 where not written.'),
    held: f.share.optional().describe('Share of the call that holds them; all of it where not written.'),
    callsPerSecond: f.above0.optional().describe('Calls that may begin in a second.'),
    over: z
      .enum(['rejected', 'queued'])
      .optional()
      .describe('Calls that begin beyond it are refused (where not written), or wait.'),
    perMinute: f.money.optional().describe('Price of a minute of a call.'),
  }
  const vendor = (what: string) => z.strictObject(vendorFields).describe(what)
  const part = f.durations.optional()
  return z
    .strictObject({
      records: recordsSchema(traces).optional(),
      calls: f.callRate
        .optional()
        .describe('Calls offered in the busiest hour; from records where not written.'),
      arrivals: z
        .enum(['poisson', 'even'])
        .optional()
        .describe(
          'How they come: at random, or one after the other at one distance; poisson where not written.',
        ),
      peakToAverage: f.peakToAverage
        .optional()
        .describe('Busiest hour over the average; 1, the same all day, where not written.'),
      duration: f.durationsAbove0
        .optional()
        .describe('How long a call lasts; from records where not written.'),
      blocked: f.share.describe('Share of calls that may find no channel free.'),
      turns: f.callRate
        .optional()
        .describe('Answers of the agent in a minute of a call, for the model’s tokens.'),
      carrier: z
        .strictObject({
          ...vendorFields,
          maxDuration: f.durationAbove0.optional().describe('A call is ended that lasts longer.'),
        })
        .describe('Who brings the calls: its channels are concurrent.')
        .optional(),
      vendors: z
        .strictObject({
          platform: vendor('The voice platform.').optional(),
          stt: vendor('Speech to text.').optional(),
          model: vendor('The model, where it limits calls at once; its tokens follow from turns.').optional(),
          tts: vendor('Text to speech.').optional(),
        })
        .optional()
        .describe('Those a call needs besides the carrier.'),
      mouthToEar: z
        .strictObject({
          within: f.durationAbove0.describe('Longest mean from the caller’s last word to the agent’s first.'),
          network: part.describe('Both ways, with buffers.'),
          endOfTurn: part.describe('Until it is clear that the caller has ended.'),
          stt: part.describe('Until the text is there.'),
          orchestration: part.describe('The platform’s own time.'),
          model: part.describe('To the first token; model.ttft where not written.'),
          tools: part.describe('Tool calls before the answer.'),
          tts: part.describe('To the first sound.'),
        })
        .optional()
        .describe('Mouth to ear: what its parts take, one after the other.'),
      handOff: z
        .strictObject({
          share: f.share.optional().describe(`${ofWhat} From records where not written.`),
          ...handOffFields(f),
        })
        .optional()
        .describe(whatPeopleDo),
      caller: z
        .strictObject({
          patience: f.durationsAbove0
            .optional()
            .describe('How long a caller waits for an answer before hanging up; for ever where not written.'),
          interrupts: f.share.optional().describe('Of the answers: the caller speaks into them.'),
          silent: f.share.optional().describe('Of the turns: the caller says nothing.'),
          human: f.share.optional().describe('Of the callers: they press 0 for a person.'),
          pause: f.durations.optional().describe('Between an answer and what the caller says next.'),
        })
        .optional()
        .describe(
          'What callers do beside speaking and listening, in measured runs; nothing where not written.',
        ),
    })
    .describe('Calls by telephone: plan answers for them, load and find play them.')
}

export type PhoneSection = z.output<ReturnType<typeof phoneSchema>>
export type HandOffSection = z.output<ReturnType<typeof handOffSchema>>
