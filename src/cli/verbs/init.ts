import { existsSync } from 'node:fs'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { stringify } from 'yaml'
import { starterFile, starterNames } from '../../workload/starter-file.ts'
import { type DescribedTarget, describeTarget } from '../describe-target.ts'
import { driverNames } from '../../load/drivers/drivers.ts'
import { formatUsd } from '../../result/figure-text.ts'
import type { Price } from '../../workload/workload.ts'
import { exitCodes, UserError } from '../exit-codes.ts'
import { interruptSignal } from '../interrupt.ts'
import { createIo } from '../io.ts'
import { httpUrl, numberOf, port, positiveNumber, positiveWhole, wholeNumber } from '../options.ts'
import { readText } from '../read-workload.ts'
import { requestOfCurl, requestOfHar } from '../recorded-request.ts'
import { requireWritable, writeFile } from '../write-file.ts'

interface Flags {
  readonly like: string
  readonly fromCurl?: string
  readonly fromHar?: string
  readonly answer?: string
  readonly target?: string
  readonly driver: string
  readonly through?: string
  readonly turns: number
  readonly maxSpend?: number
  readonly price?: Price
  readonly say: readonly string[]
  readonly tools?: string
  readonly start?: string
  readonly intercept?: boolean
  readonly port?: number
  readonly record?: string
  readonly keepText?: boolean
  readonly allowTarget: readonly string[]
  readonly seed: number
  readonly force?: boolean
  readonly json?: boolean
  readonly quiet?: boolean
}

/** `plimsoll init [FILE]`: a commented starter file. */
export function init(program: Command): void {
  program
    .command('init')
    .argument('[file]', 'where to write', 'workload.yaml')
    .summary('write a commented starter file')
    .description('Writes a workload file to start from, with a comment on every field.')
    .addOption(
      new Option('--like <preset>', 'which kind of agent').choices(starterNames).default('customer-support'),
    )
    .option(
      '--from-curl <command>',
      'describe the target from one recorded message: a curl command, as browsers copy it',
    )
    .option('--from-har <file>', 'describe the target from a browser recording (HAR)')
    .option(
      '--answer <pointer>',
      'with --from-curl or --from-har: where the text of an answer lies, a JSON pointer such as /reply',
      pointer,
    )
    .option('--target <url>', 'the address of the agent', httpUrl)
    .addOption(
      new Option('--driver <name>', 'the protocol in which users reach the agent')
        .choices(driverNames)
        .default('sessions'),
    )
    .option(
      '--through <url>',
      'learn the file from the real model: play turns against the agent, and pass its model calls on to this provider',
      httpUrl,
    )
    .option('--turns <number>', 'with --through: turns to play', positiveWhole, 20)
    .option(
      '--max-spend <dollars>',
      'with --through, required: make no call that could take the total cost beyond this',
      dollars,
    )
    .option(
      '--price <in/out>',
      'with --through: dollars per million tokens, for a model that no price list has',
      price,
    )
    .option(
      '--say <text>',
      'with --through: what users say (repeatable)',
      (text, all: string[]) => [...all, text],
      [],
    )
    .option('--tools <url>', 'with --through: where POST /tools/NAME really goes, to time it', httpUrl)
    .option(
      '--start <command>',
      'with --through: start the agent with this command; it is given the address of its model, and keeps its own keys',
    )
    .option(
      '--intercept',
      'with --start: for an agent with the address of its model built in; works through HTTPS_PROXY',
    )
    .option(
      '--port <number>',
      'with --through: the port that the agent sends its model calls to (default: 4010; with --start a free one)',
      port,
    )
    .option('--record <file>', 'with --through: keep the timings and shapes of all calls')
    .option('--keep-text', 'with --record: keep prompts and answers too')
    .option(
      '--allow-target <host>',
      'allow an agent that is not on this machine (repeatable)',
      (host, all: string[]) => [...all, host],
      [],
    )
    .option('--seed <number>', 'with --through: which conversations are played', wholeNumber, 1)
    .option('--force', 'overwrite a file that is there')
    .option('--json', 'print the name of the file as JSON on stdout')
    .option('--quiet', 'no notes')
    .addHelpText(
      'after',
      '\nExample:\n  plimsoll init my.yaml --like coding-assistant\n  plimsoll plan my.yaml\n' +
        `  plimsoll init my.yaml --from-curl "curl http://localhost:8000/chat -d '{\\"message\\":\\"Hello\\"}'"\n` +
        '  plimsoll init my.yaml --target http://localhost:8000 --through https://api.openai.com --max-spend 1',
    )
    .action(async (file: string, flags: Flags) => {
      if (existsSync(file) && !flags.force)
        throw new UserError(`${file} is already there`, {
          hint: 'name another file, or --force to overwrite it',
        })
      const described = describedBy(flags)
      const starter = starterFile(flags.like)
      if (flags.through !== undefined) {
        await initThrough(file, { ...flags, through: flags.through }, described)
        return
      }
      const target = targetOf(described, flags)
      writeFile(file, target ? withTarget(starter, target) : starter)
      const io = createIo(flags)
      if (io.json) io.result(JSON.stringify({ file, like: flags.like }))
      for (const guess of described?.guesses ?? []) io.note(`please check ${guess}`)
      if (described && described.environment.length > 0)
        io.note(`secrets are read from the environment: ${described.environment.join(', ')}`)
      if (target)
        io.note(
          `all but the target is the example ${flags.like}: write your own scenarios, tools, model and quota over it`,
        )
      io.note(`wrote ${file}; next: plimsoll check ${file}, plimsoll plan ${file}`)
    })
}

function describedBy({ fromCurl, fromHar, answer }: Flags): DescribedTarget | undefined {
  if (fromCurl !== undefined && fromHar !== undefined)
    throw new UserError('--from-curl or --from-har, not both')
  if (fromCurl !== undefined) return describeTarget(requestOfCurl(fromCurl), answer)
  if (fromHar !== undefined) return describeTarget(requestOfHar(readText(fromHar, largestHarBytes)), answer)
  if (answer !== undefined)
    throw new UserError('--answer tells of a recorded message where the text of its answer lies', {
      hint: 'record one: --from-curl "curl …" or --from-har FILE',
    })
  return undefined
}

/** Recordings hold pictures and scripts too. */
const largestHarBytes = 200_000_000

type Target = Readonly<Record<string, unknown>>

/** What was recorded, at the address that a flag names. */
function targetOf(
  described: DescribedTarget | undefined,
  { target: url, driver }: Flags,
): Target | undefined {
  if (described) return url === undefined ? described.target : { ...described.target, url }
  return url === undefined ? undefined : { url, driver }
}

async function initThrough(
  file: string,
  flags: Flags & { readonly through: string },
  described: DescribedTarget | undefined,
): Promise<void> {
  const io = createIo(flags)
  for (const guess of described?.guesses ?? []) io.note(`please check ${guess}`)
  const target = targetOf(described, flags)
  if (!target || typeof target['url'] !== 'string')
    throw new UserError('--through needs the agent whose users are played', {
      hint: 'name it with --target URL',
    })
  if (flags.maxSpend === undefined)
    throw new UserError('every call that passes through costs money', {
      hint: 'say how much at most: --max-spend 1',
    })
  if (flags.keepText && flags.record === undefined)
    throw new UserError('--keep-text keeps prompts and answers in a recording', {
      hint: 'name it with --record FILE',
    })
  const {
    through,
    like,
    turns,
    maxSpend: maxSpendUsd,
    seed,
    allowTarget: allowTargets,
    record,
    force,
  } = flags
  if (record !== undefined && existsSync(record) && !force)
    throw new UserError(`${record} is already there`, {
      hint: 'name another file, or --force to overwrite it',
    })
  for (const kept of [file, ...(record === undefined ? [] : [record])]) requireWritable(kept)
  const said = flags.say.length > 0 ? flags.say : described?.message === undefined ? [] : [described.message]
  // Loaded where it is needed: other verbs start without it.
  const { learnThrough } = await import('../learn-through.ts')
  const learned = await learnThrough(
    {
      file,
      starter: starterFile(like),
      target: { ...target, url: target['url'] },
      say:
        said.length > 0
          ? said
          : ['Hello, what can you do for me?', 'Can you show me an example?', 'Thank you!'],
      through,
      turns,
      maxSpendUsd,
      seed,
      allowTargets,
      keepText: flags.keepText ?? false,
      ...(flags.price ? { price: flags.price } : {}),
      ...(flags.tools === undefined ? {} : { tools: flags.tools }),
      ...(flags.start === undefined ? {} : { start: flags.start, intercept: flags.intercept ?? false }),
      ...(flags.port === undefined ? {} : { port: flags.port }),
    },
    io,
    interruptSignal(io),
  )
  writeFile(file, learned.text)
  if (record !== undefined) writeFile(record, `${JSON.stringify(learned.recording)}\n`, { mode: 0o600 })
  const { spentUsd, notes, ended } = learned
  const played = learned.recording.turns.length
  if (io.json)
    io.result(JSON.stringify({ file, turns: played, spentUsd, notes, ...(ended ? { ended } : {}) }))
  if (ended) io.note(`ended early: ${ended}`)
  for (const note of notes) io.note(`note: ${note}`)
  io.note(`${played} turns, ${formatUsd(spentUsd)} of ${formatUsd(maxSpendUsd)} spent`)
  io.note(`wrote ${file}; next: plimsoll check ${file}, plimsoll plan ${file}`)
  if (ended === 'interrupted') process.exitCode = exitCodes.interrupted
}

/** `$1` or `1`. */
function dollars(text: string): number {
  return positiveNumber(text.replace(/^\$/, ''))
}

/** `/reply`, or nothing for the whole message. */
function pointer(text: string): string {
  if (text !== '' && !text.startsWith('/'))
    throw new InvalidArgumentError('expected a JSON pointer, such as /reply or /choices/0/text')
  return text
}

/** `0.4/1.6`: dollars for a million tokens in and out. */
function price(text: string): Price {
  const [input = NaN, output = NaN, ...more] = text
    .split('/')
    .map((each) => numberOf(each.replace(/^\$/, '')))
  if (!(Number.isFinite(input + output) && input >= 0 && output >= 0) || more.length > 0)
    throw new InvalidArgumentError('expected dollars for a million tokens in and out, such as 0.4/1.6')
  return {
    inputPerMillionUsd: input,
    cachedPerMillionUsd: input,
    // As those do who charge for it at all.
    writtenPerMillionUsd: 1.25 * input,
    hourlyPerMillionUsd: 2 * input,
    outputPerMillionUsd: output,
    source: '--price',
  }
}

/** The starter file with its target section replaced. */
function withTarget(starter: string, target: Target): string {
  const section = stringify({ target }, { lineWidth: 110 })
  return starter.replace(/^target:.*\n(?:[ ].*\n)*/m, () => section)
}
