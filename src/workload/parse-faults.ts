import { z } from 'zod'
import { checkFaults, type FaultTargets } from './check-faults.ts'
import { explain } from './explain.ts'
import { type Fault, type SpeechFaultTarget, speechFaultTargets } from './fault.ts'
import { type FaultSection, faultsSchema } from './fault-schema.ts'
import { fields } from './fields.ts'
import { pathText, type Problem } from './problem.ts'
import { formatDuration, formatPercent } from './units.ts'

export interface ParsedFaults {
  /** Absent when there is a problem. */
  readonly faults?: readonly Fault[]
  readonly problems: readonly Problem[]
}

const schema = z.strictObject({ faults: faultsSchema(fields()) })

/** Reads faults written as in the file, where a running provider is told of them. Mistakes are answered, never thrown. */
export function parseFaults(written: readonly unknown[], targets: FaultTargets): ParsedFaults {
  if (written.length === 0) return { faults: [], problems: [] }
  const root = { faults: written }
  const checked = schema.safeParse(root)
  const placed = [
    ...(checked.success ? [] : explain(schema, root, checked.error.issues)),
    ...checkFaults(written, targets),
  ]
  const problems = placed.map(({ code, message, hint, path }): Problem => ({
    severity: 'error',
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    path: pathText(path),
  }))
  if (!checked.success || problems.length > 0) return { problems }
  return { faults: checked.data.faults.map((section) => faultOf(section, targets)), problems }
}

/** A checked section, with what it does not write spelled out. */
export function faultOf(section: FaultSection, { models, tools }: FaultTargets): Fault {
  const { on = 'models' } = section
  return {
    name: section.fault,
    on: targetOf(on, { models, tools }),
    share: section.share ?? 1,
    fromMs: section.from ?? 0,
    toMs: section.to ?? Infinity,
    ...(section.every === undefined ? {} : { everyMs: section.every }),
    forMs: section.for ?? Infinity,
    ...(section.at === undefined ? {} : { at: section.at }),
    tries: section.tries ?? Infinity,
    ...(section.retryAfter === undefined ? {} : { retryAfterMs: section.retryAfter }),
  }
}

function targetOf(on: string, { models, tools }: FaultTargets): Fault['on'] {
  const [model, tool] = [models.indexOf(on), tools.indexOf(on)]
  if (on === 'models' || model >= 0) return { kind: 'model', ...(on === 'models' ? {} : { index: model }) }
  if (on === 'tools' || tool >= 0) return { kind: 'tool', ...(on === 'tools' ? {} : { index: tool }) }
  return { kind: on as SpeechFaultTarget }
}

/** A fault as the file writes it. */
export function writtenFault(fault: Fault, { models, tools }: FaultTargets): Record<string, string | number> {
  const { name, on, share, fromMs, toMs, everyMs, forMs, at, tries, retryAfterMs } = fault
  const isSpeech = speechFaultTargets.some((each) => each === on.kind)
  const all = isSpeech ? on.kind : `${on.kind}s`
  const target = on.index === undefined ? all : (on.kind === 'model' ? models : tools)[on.index]!
  return {
    fault: /^\d+$/.test(name) ? Number(name) : name,
    on: target,
    share: formatPercent(share),
    ...(fromMs > 0 ? { from: formatDuration(fromMs) } : {}),
    ...(toMs < Infinity ? { to: formatDuration(toMs) } : {}),
    ...(everyMs === undefined ? {} : { every: formatDuration(everyMs) }),
    ...(forMs < Infinity ? { for: formatDuration(forMs) } : {}),
    ...(at === undefined ? {} : { at: formatPercent(at) }),
    ...(tries < Infinity ? { tries } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfter: formatDuration(retryAfterMs) }),
  }
}
