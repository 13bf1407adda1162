import type { Command } from 'commander'
import { agent } from './verbs/agent.ts'
import { check } from './verbs/check.ts'
import { compare } from './verbs/compare.ts'
import { demo } from './verbs/demo.ts'
import { exportScript } from './verbs/export.ts'
import { find } from './verbs/find.ts'
import { init } from './verbs/init.ts'
import { load } from './verbs/load.ts'
import { plan } from './verbs/plan.ts'
import { provider } from './verbs/provider.ts'
import { report } from './verbs/report.ts'
import { simulate } from './verbs/simulate.ts'

/** Every verb of the command line: each adds itself to the program. */
export const verbs = {
  init,
  check,
  plan,
  simulate,
  load,
  find,
  provider,
  agent,
  report,
  compare,
  export: exportScript,
  demo,
} satisfies Record<string, (program: Command) => void>
