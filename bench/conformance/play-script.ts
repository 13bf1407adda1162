import { spawn } from 'node:child_process'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import type { CallRecord } from '../../src/result/records.ts'
import { judge, judgeRecords, type Told, type Verdict } from './judge.ts'
import { startWorld } from './world.ts'

export interface Script {
  /** `node` or `python`, as a path. */
  readonly command: string
  readonly file: string
  readonly cwd?: string
}

/**
 * Drives a script's clients through `turns` turns of each check whose name has `only` in it, against a provider of its
 * own; each verdict is told when it is there.
 */
export async function playScript(
  { command, file, cwd }: Script,
  turns: number,
  tell: (verdict: Verdict) => void,
  only = '',
): Promise<void> {
  const provider = await startWorld()
  const records: CallRecord[] = []
  let told = 0
  try {
    const { code, errors } = await run(
      command,
      [file, provider.url, String(turns), '0', only],
      cwd,
      async (line) => {
        await readRecords(provider.url, records)
        tell(judge(JSON.parse(line) as Told, records))
        told++
      },
    )
    if (code !== 0 || told === 0)
      tell({ ok: false, text: `${basename(file)} ended with ${code}: ${errors.slice(-2000)}` })
    await readRecords(provider.url, records)
    tell(judgeRecords(basename(file), records))
  } finally {
    await provider.close()
  }
}

async function run(
  command: string,
  args: readonly string[],
  cwd: string | undefined,
  tell: (line: string) => Promise<void>,
) {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' }
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (part: Buffer) => (errors += part.toString()))
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  for await (const line of createInterface(child.stdout)) if (line.startsWith('{')) await tell(line)
  return { code: await closed, errors }
}

/** Adds what the provider has written down since. */
async function readRecords(url: string, records: CallRecord[]): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/_plimsoll/records?from=${records.length}`)
    const page = (await answer.json()) as { records: CallRecord[]; next: number }
    if (page.records.length === 0) return
    records.push(...page.records)
  }
}
