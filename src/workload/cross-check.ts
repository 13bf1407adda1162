import { needsScript } from './metric-threshold.ts'
import { metricNames, metrics } from './metrics.ts'
import { type ObjectiveLine, parseObjectiveLine } from './parse-objective-line.ts'
import { checkAgent } from './check-agent.ts'
import { checkPeak } from './check-peak.ts'
import { checkPhone } from './check-phone.ts'
import { checkFaults } from './check-faults.ts'
import { checkQuota } from './check-quota.ts'
import { checkAccess } from './check-access.ts'
import { checkTarget } from './check-target.ts'
import { valueAt } from './explain.ts'
import { understood } from './mistake.ts'
import { didYouMean } from './nearest.ts'
import { modelPreset, modelPresets } from './presets.ts'
import { type Path, pathText, type PlacedProblem } from './problem.ts'
import { shown } from './quantity.ts'
import { isSection, keysOf, list, modelKeys, modelPaths, type Section, sectionsOf } from './sections.ts'
import type { Price, Workload } from './workload.ts'

/** What no single field can know: names that must exist, names that must differ, fields that exclude each other. */
export function crossCheck(root: unknown, price?: (like: string) => Price | undefined): PlacedProblem[] {
  return [
    ...scenarioNames(root),
    ...scenarioReferences(root),
    ...weights(root),
    ...objectiveScenarios(root),
    ...measuresOfScripts(root),
    ...modelPresetsExist(root, price),
    ...contradictions(root),
    ...replacedByTrace(root),
    ...modelPaths(root).flatMap((path) => {
      const model = valueAt(root, path)
      return isSection(model) ? checkQuota(model, path) : []
    }),
    ...checkAgent(root),
    ...checkPhone(root),
    ...checkPeak(root),
    ...checkTarget(valueAt(root, ['target'])),
    ...checkAccess(valueAt(root, ['target'])),
    ...checkFaults(valueAt(root, ['faults']), {
      models: modelKeys(root),
      tools: keysOf(valueAt(root, ['tools'])),
    }),
    ...unused(root),
  ]
}

function scenarioNames(root: unknown): PlacedProblem[] {
  const seen = new Set<unknown>()
  return list(valueAt(root, ['scenarios'])).flatMap((scenario, i) => {
    const name = scenarioName(scenario, i)
    if (!seen.has(name)) {
      seen.add(name)
      return []
    }
    const message = `scenarios[${i}].name: there is another scenario ${shown(name)}`
    return [
      { code: 'duplicate_name', message, hint: 'names tell scenarios apart', path: ['scenarios', i, 'name'] },
    ]
  })
}

const scenarioName = (scenario: unknown, i: number): string => {
  const name = isSection(scenario) ? scenario['name'] : undefined
  return typeof name === 'string' ? name : `scenario ${i + 1}`
}

function scenarioReferences(root: unknown): PlacedProblem[] {
  const tools = keysOf(valueAt(root, ['tools']))
  const models = modelKeys(root)
  return list(valueAt(root, ['scenarios'])).flatMap((scenario, i) => {
    if (!isSection(scenario)) return []
    const problems: PlacedProblem[] = list(scenario['tools']).flatMap((tool, j) =>
      typeof tool !== 'string' || tools.includes(tool)
        ? []
        : [
            {
              code: 'unknown_name',
              message: `scenarios[${i}].tools[${j}]: there is no tool ${shown(tool)}`,
              hint:
                tools.length > 0
                  ? didYouMean(tool, tools)
                  : `describe it under tools: ${tool}: { latency: 200ms }`,
              path: ['scenarios', i, 'tools', j],
            },
          ],
    )
    const model = scenario['model']
    if (typeof model === 'string' && !models.includes(model))
      problems.push({
        code: 'unknown_name',
        message: `scenarios[${i}].model: there is no model ${shown(model)}`,
        hint: didYouMean(model, models),
        path: ['scenarios', i, 'model'],
      })
    return problems
  })
}

function weights(root: unknown): PlacedProblem[] {
  const scenarios = sectionsOf(valueAt(root, ['scenarios']))
  if (scenarios.length === 0 || scenarios.some(({ weight }) => weight !== 0)) return []
  return [{ code: 'out_of_range', message: 'scenarios: every weight is 0', path: ['scenarios', 0, 'weight'] }]
}

function objectiveScenarios(root: unknown): PlacedProblem[] {
  const scenarios = valueAt(root, ['scenarios'])
  const names = scenarios === undefined ? ['default'] : list(scenarios).map(scenarioName)
  return list(valueAt(root, ['objectives'])).flatMap((text, i) => {
    const name = scenarioOf(text)
    if (name === undefined || names.includes(name)) return []
    const message = `objectives[${i}]: there is no scenario ${shown(name)}`
    return [{ code: 'unknown_name', message, hint: didYouMean(name, names), path: ['objectives', i] }]
  })
}

const metricWords = metricNames.flatMap((name) => [name, ...metrics[name].aliases])

/** A name that is no metric can only be a script's: where there is none, it is a slip of the pen. */
function measuresOfScripts(root: unknown): PlacedProblem[] {
  if (sectionsOf(valueAt(root, ['scenarios'])).some(({ script }) => script !== undefined)) return []
  return list(valueAt(root, ['objectives'])).flatMap((value, i) => {
    const threshold = lineOf(value)?.threshold
    if (!threshold || !needsScript(threshold)) return []
    const message = `objectives[${i}]: there is no metric ${threshold.metricName}, and no scenario has a script that could measure it`
    return [
      {
        code: 'bad_objective',
        message,
        hint: didYouMean(threshold.metricName, metricWords),
        path: ['objectives', i],
      },
    ]
  })
}

/** The scenario that an objective names, in any of the forms that objectives have. */
const scenarioOf = (value: unknown): string | undefined => lineOf(value)?.objective?.scenarioName

const lineOf = (value: unknown): ObjectiveLine | undefined => understood(() => parseObjectiveLine(value))

function modelPresetsExist(root: unknown, price?: (like: string) => Price | undefined): PlacedProblem[] {
  const places = [
    ['model', 'like'],
    ...keysOf(valueAt(root, ['models'])).map((key) => ['models', key, 'like']),
  ]
  return places.flatMap((path) => {
    const like = valueAt(root, path)
    if (typeof like !== 'string' || like === '' || modelPreset(like) || price?.(like)) return []
    const message = `${path.join('.')}: nothing is known of ${shown(like)}`
    const names = modelPresets.map((preset) => preset.like)
    const near = didYouMean(like, names)
    return [{ code: 'unknown_name', message, hint: `${near}; without like, give perToken and price`, path }]
  })
}

function contradictions(root: unknown): PlacedProblem[] {
  const problems: PlacedProblem[] = []
  if (valueAt(root, ['model']) !== undefined && valueAt(root, ['models']) !== undefined)
    problems.push({
      code: 'contradiction',
      message: 'model and models exclude each other',
      hint: 'move model into models under a name',
      path: ['models'],
      atKey: true,
    })
  const peak = valueAt(root, ['users', 'peak'])
  if (isSection(peak) && peak['day'] !== undefined && peak['peakToAverage'] !== undefined)
    problems.push({
      code: 'contradiction',
      message: 'users.peak: day and peakToAverage exclude each other',
      hint: 'the peak over the average follows from the day',
      path: ['users', 'peak', 'peakToAverage'],
      atKey: true,
    })
  if (isSection(valueAt(root, ['models'])) && keysOf(valueAt(root, ['models'])).length === 0)
    problems.push({ code: 'out_of_range', message: 'models: is empty', path: ['models'] })
  for (const path of modelPaths(root)) {
    const model = valueAt(root, path)
    if (!isSection(model) || model['engine'] === undefined) continue
    for (const key of ['ttft', 'perToken'])
      if (model[key] !== undefined)
        problems.push({
          code: 'contradiction',
          message: `${path.join('.')}: engine and ${key} exclude each other`,
          hint: 'an engine decides the latency by itself',
          path: [...path, key],
          atKey: true,
        })
  }
  return problems
}

/** Tokens that a trace of arrivals holds are written nowhere else. */
function replacedByTrace(root: unknown): PlacedProblem[] {
  const arrivals = valueAt(root, ['users', 'arrivals'])
  if (!isSection(arrivals)) return []
  const places: Path[] = [
    ...modelPaths(root),
    ...list(valueAt(root, ['scenarios'])).map((_, i): Path => ['scenarios', i]),
  ]
  const replaced: [key: string, path: string[]][] = [
    ['input', ['input', 'message']],
    ['output', ['output']],
  ]
  return replaced.flatMap(([key, inside]) =>
    arrivals[key] === undefined
      ? []
      : places
          .map((place): Path => [...place, ...inside])
          .filter((path) => valueAt(root, path) !== undefined)
          .map((path): PlacedProblem => ({
            severity: 'warning',
            code: 'unused',
            message: `${pathText(path)}: users.arrivals.${key} stands for it, every session carries its row of the trace`,
            hint: 'leave one of them out',
            path,
            atKey: true,
          })),
  )
}

/** What is written and changes nothing is probably a slip. */
function unused(root: unknown): PlacedProblem[] {
  const scenarios = sectionsOf(valueAt(root, ['scenarios']))
  const { called, asked } = reached(root, scenarios)
  const warn = (path: string[], message: string, hint: string): PlacedProblem => ({
    severity: 'warning',
    code: 'unused',
    message: `${path.join('.')}: ${message}`,
    hint,
    path,
    atKey: true,
  })
  return [
    ...keysOf(valueAt(root, ['tools']))
      .filter((tool) => !called.has(tool))
      .map((tool) =>
        warn(['tools', tool], 'no scenario uses this tool', `a scenario names it: tools: [${shown(tool)}]`),
      ),
    ...keysOf(valueAt(root, ['models']))
      .filter((model) => scenarios.length > 0 && !asked.has(model))
      .map((model) =>
        warn(['models', model], 'no scenario uses this model', `a scenario names it: model: ${shown(model)}`),
      ),
  ]
}

/** Tools and models that scenarios lead to: by name, through sub-agents and through fallbacks. */
function reached(
  root: unknown,
  scenarios: readonly Section[],
): { called: ReadonlySet<unknown>; asked: ReadonlySet<unknown> } {
  const first = modelKeys(root)[0]
  // A set that grows while it is walked is walked to its end.
  const called = new Set(scenarios.flatMap(({ tools }) => list(tools)))
  const asked = new Set(
    scenarios.flatMap(({ model }) => (isSection(model) ? Object.keys(model) : [model ?? first])),
  )
  for (const tool of called) {
    const subagent = typeof tool === 'string' ? valueAt(root, ['tools', tool, 'subagent']) : undefined
    if (!isSection(subagent)) continue
    asked.add(subagent['model'] ?? first)
    for (const each of list(subagent['tools'])) called.add(each)
  }
  for (const model of asked) {
    const to = typeof model === 'string' ? valueAt(root, ['models', model, 'fallback', 'to']) : undefined
    if (typeof to === 'string') asked.add(to)
  }
  return { called, asked }
}

/**
 * Scenarios whose loop has steps but no tool to call between them: the algebra and the simulation do without, but
 * a real agent goes on only after a tool call.
 */
export function toolless({ scenarios }: Workload): PlacedProblem[] {
  return scenarios.flatMap(({ depth, tools }, i): PlacedProblem[] => {
    if (depth.mean <= 1 || tools.length > 0) return []
    const message = `scenarios[${i}].depth: more than one step, but the scenario names no tool to call between them`
    const hint = 'a real agent goes on only after a tool call: tools: [name]'
    return [{ severity: 'warning', code: 'unused', message, hint, path: ['scenarios', i, 'depth'] }]
  })
}
