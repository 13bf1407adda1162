import { valueAt } from './explain.ts'
import { understood } from './mistake.ts'
import { didYouMean } from './nearest.ts'
import { type Path, pathText, type PlacedProblem } from './problem.ts'
import { readDuration, readShare, readSize, shown } from './quantity.ts'
import { isSection, keysOf, listAt, modelKeys, type Section } from './sections.ts'

/** What the fields of the agent's rules ask of each other: names, fields that go together and that do not. */
export function checkAgent(root: unknown): PlacedProblem[] {
  const agent = valueAt(root, ['agent'])
  return [
    ...(isSection(agent)
      ? [...exclusive(agent), ...needed(agent), ...scaleLimits(agent), ...unreached(agent)]
      : []),
    ...unheardPriorities(root, isSection(agent) ? agent : {}),
    ...routes(root),
    ...fallbacks(root),
    ...subagents(root),
  ]
}

const problem = (
  code: PlacedProblem['code'],
  path: Path,
  message: string,
  hint: string,
  more: Partial<PlacedProblem> = {},
): PlacedProblem => ({ code, message: `${pathText(path)}: ${message}`, hint, path, ...more })

const contradiction = (path: Path, message: string, hint: string): PlacedProblem =>
  problem('contradiction', path, message, hint, { atKey: true })

const unused = (path: Path, message: string, hint: string): PlacedProblem =>
  problem('unused', path, message, hint, { severity: 'warning', atKey: true })

function exclusive(agent: Section): PlacedProblem[] {
  const problems: PlacedProblem[] = []
  if (agent['state'] !== undefined && valueAt(agent, ['overhead', 'state']) !== undefined)
    problems.push(
      contradiction(
        ['agent', 'overhead', 'state'],
        'agent.state and overhead.state exclude each other',
        'the state store has its own latency: agent.state: { latency: 20ms }',
      ),
    )
  if (agent['servers'] !== undefined && agent['scale'] !== undefined)
    problems.push(
      contradiction(
        ['agent', 'servers'],
        'agent.scale and agent.servers exclude each other',
        'scale.from and scale.to say how many servers there are',
      ),
    )
  return problems
}

/** Rules that count slots, workers or connections need a number of them. */
const needs: readonly [rule: string, fields: readonly string[], why: string][] = [
  ['connections', ['workers'], 'connections are a worker’s'],
  ['degrade', ['workers', 'concurrency'], 'it looks at the share of slots in use'],
  ['scale', ['workers', 'concurrency'], 'it looks at the share of slots in use'],
  ['servers', ['workers'], 'without it one server takes everything'],
  ['failures', ['workers'], 'a server is made of workers'],
]

function needed(agent: Section): PlacedProblem[] {
  return needs.flatMap(([rule, fields, why]) =>
    agent[rule] === undefined
      ? []
      : fields
          .filter((field) => agent[field] === undefined)
          .map((field) =>
            contradiction(['agent', rule], `needs agent.${field}`, `${why}: agent: { ${field}: 5 }`),
          ),
  )
}

/** A value as its field reads it; undefined where it has none, or a mistake. */
function valueOf(section: Section, key: string, read: (value: unknown) => number): number | undefined {
  return section[key] === undefined ? undefined : understood(() => read(section[key]))
}

function scaleLimits(agent: Section): PlacedProblem[] {
  const scale = agent['scale']
  if (!isSection(scale)) return []
  const [from, to] = [valueOf(scale, 'from', readSize), valueOf(scale, 'to', readSize)]
  const [above, below] = [valueOf(scale, 'above', readShare), valueOf(scale, 'below', readShare)]
  return [
    ...(from !== undefined && to !== undefined && to < from
      ? [contradiction(['agent', 'scale', 'to'], `${to} is fewer than from`, `at least ${from}`)]
      : []),
    ...(above !== undefined && below !== undefined && below >= above
      ? [
          contradiction(
            ['agent', 'scale', 'below'],
            'is not below above',
            'between the two nothing happens: above: 70%, below: 30%',
          ),
        ]
      : []),
  ]
}

function unreached(agent: Section): PlacedProblem[] {
  const limits = agent['limits']
  const problems: PlacedProblem[] = []
  if (isSection(limits)) {
    const turn = valueOf(limits, 'turn', readDuration) ?? Infinity
    for (const key of ['call', 'tool'])
      if ((valueOf(limits, key, readDuration) ?? -1) >= turn)
        problems.push(
          unused(['agent', 'limits', key], 'limits.turn ends the turn before it', 'make it shorter'),
        )
  }
  const shed = valueAt(agent, ['admission', 'shed'])
  if (shed !== undefined && agent['queue'] === undefined)
    problems.push(
      unused(['agent', 'admission', 'shed'], 'nothing is shed without agent.queue', 'agent: { queue: 100 }'),
    )
  return problems
}

/** A priority that no rule asks for, and rules that ask for one that no scenario has. */
function unheardPriorities(root: unknown, agent: Section): PlacedProblem[] {
  const scenarios = listAt(root, ['scenarios'])
  const order = valueAt(agent, ['admission', 'order']) === 'priority'
  const shed = valueAt(agent, ['admission', 'shed']) === 'lowest'
  const degrades = listAt(agent, ['degrade']).some((rule) => isSection(rule) && rule['below'] !== undefined)
  const written = scenarios.flatMap((scenario, i) =>
    isSection(scenario) && scenario['priority'] !== undefined ? [i] : [],
  )
  const answersPhone =
    valueAt(root, ['phone']) !== undefined && valueAt(agent, ['voice', 'urgentFirst']) !== 'off'
  if (answersPhone) return []
  if (!order && !shed && !degrades)
    return written.map((i) =>
      unused(
        ['scenarios', i, 'priority'],
        'no rule of the agent asks for it',
        'agent: { admission: { order: priority } }',
      ),
    )
  if (written.length > 0) return []
  const path = order || shed ? ['agent', 'admission', order ? 'order' : 'shed'] : ['agent', 'degrade']
  return [unused(path, 'no scenario has a priority', 'scenarios: [{ name: urgent, priority: 1 }]')]
}

function unknownModel(path: Path, key: unknown, known: readonly string[]): PlacedProblem[] {
  if (typeof key !== 'string' || known.includes(key)) return []
  return [problem('unknown_name', path, `there is no model ${shown(key)}`, didYouMean(key, known))]
}

/** Shares of turns: of models that exist, and of the whole. */
function routes(root: unknown): PlacedProblem[] {
  const known = modelKeys(root)
  return listAt(root, ['scenarios']).flatMap((scenario, i) => {
    const shares = isSection(scenario) ? scenario['model'] : undefined
    if (!isSection(shares)) return []
    const path: Path = ['scenarios', i, 'model']
    const sum = Object.keys(shares).reduce(
      (total, key) => total + (valueOf(shares, key, readShare) ?? NaN),
      0,
    )
    return [
      ...Object.keys(shares).flatMap((key) => unknownModel([...path, key], key, known)),
      ...(Math.abs(sum - 1) > 1e-6
        ? [
            problem(
              'out_of_range',
              path,
              `the shares add up to ${Number((sum * 100).toPrecision(4))} %`,
              'they have to add up to 100 %',
            ),
          ]
        : []),
    ]
  })
}

function fallbacks(root: unknown): PlacedProblem[] {
  const models = valueAt(root, ['models'])
  const single = valueAt(root, ['model', 'fallback'])
  const problems: PlacedProblem[] =
    single === undefined
      ? []
      : [
          contradiction(
            ['model', 'fallback'],
            'there is only one model',
            'models: { main: { fallback: { to: backup } }, backup: { } }',
          ),
        ]
  const targets = new Map(keysOf(models).map((key) => [key, valueAt(models, [key, 'fallback', 'to'])]))
  for (const [key, to] of targets) {
    const path: Path = ['models', key, 'fallback', 'to']
    problems.push(...unknownModel(path, to, keysOf(models)))
    if (isCircular(key, (at) => targets.get(at)))
      problems.push(
        problem('contradiction', path, 'the fallbacks lead back to this model', 'let one of them have none'),
      )
  }
  return problems
}

function isCircular(key: string, next: (at: string) => unknown): boolean {
  const seen = new Set<unknown>()
  for (let at = next(key); typeof at === 'string' && !seen.has(at); at = next(at)) {
    if (at === key) return true
    seen.add(at)
  }
  return false
}

function subagents(root: unknown): PlacedProblem[] {
  const tools = valueAt(root, ['tools'])
  const names = keysOf(tools)
  const called = (name: string): string[] =>
    listAt(tools, [name, 'subagent', 'tools']).filter((each) => typeof each === 'string')
  return names.flatMap((name) => {
    const tool = valueAt(tools, [name])
    if (!isSection(tool) || !isSection(tool['subagent'])) return []
    const path: Path = ['tools', name, 'subagent']
    return [
      ...['latency', 'capacity']
        .filter((key) => tool[key] !== undefined)
        .map((key) =>
          contradiction(
            ['tools', name, key],
            `subagent and ${key} exclude each other`,
            'its model and its tools say how long it takes',
          ),
        ),
      ...unknownModel([...path, 'model'], tool['subagent']['model'], modelKeys(root)),
      ...called(name).flatMap((each, i) =>
        names.includes(each)
          ? []
          : [
              problem(
                'unknown_name',
                [...path, 'tools', i],
                `there is no tool ${shown(each)}`,
                didYouMean(each, names),
              ),
            ],
      ),
      ...(reaches(called, name, name)
        ? [problem('contradiction', [...path, 'tools'], 'the sub-agent calls itself', 'leave it out')]
        : []),
    ]
  })
}

/** Whether calls of `from` lead to `to`, directly or through others. */
function reaches(called: (name: string) => readonly string[], from: string, to: string): boolean {
  const seen = new Set<string>()
  const open = [...called(from)]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === to) return true
    if (!seen.has(name)) open.push(...called(name))
    seen.add(name)
  }
  return false
}
