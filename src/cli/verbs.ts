import type { Command } from 'commander'

/** What brings a verb: the verb then adds itself to the program. */
type Loader = () => Promise<(program: Command) => void>

/** Every verb of the command line, loaded only when it is needed: a short command is not to wait for the others. */
export const verbs = {
  init: async () => (await import('./verbs/init.ts')).init,
  check: async () => (await import('./verbs/check.ts')).check,
  plan: async () => (await import('./verbs/plan.ts')).plan,
  simulate: async () => (await import('./verbs/simulate.ts')).simulate,
  load: async () => (await import('./verbs/load.ts')).load,
  find: async () => (await import('./verbs/find.ts')).find,
  provider: async () => (await import('./verbs/provider.ts')).provider,
  agent: async () => (await import('./verbs/agent.ts')).agent,
  report: async () => (await import('./verbs/report.ts')).report,
  compare: async () => (await import('./verbs/compare.ts')).compare,
  export: async () => (await import('./verbs/export.ts')).exportScript,
  demo: async () => (await import('./verbs/demo.ts')).demo,
} satisfies Record<string, Loader>

const versionFlags = ['-V', '--version']

/** The verb that the arguments name; all of them where they name none, for help and for what was mistyped. */
export async function verbsFor(args: readonly string[]): Promise<((program: Command) => void)[]> {
  if (args.length === 1 && versionFlags.includes(args[0]!)) return []
  const asked: Readonly<Record<string, Loader>> = verbs
  const named = args.find((arg) => !arg.startsWith('-')) ?? ''
  const loaders = Object.hasOwn(asked, named) ? [asked[named]!] : Object.values(verbs)
  return Promise.all(loaders.map((load) => load()))
}
