// Fills README's examples with what the program prints. A test holds README to it.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const readme = fileURLToPath(new URL('../README.md', import.meta.url))
const plimsoll = fileURLToPath(new URL('../bin/plimsoll.js', import.meta.url))
const library = new URL('../src/index.ts', import.meta.url).href
/** A run that `npm start` left on the day README was written; `records.sqlite` stayed behind. */
const demo = fileURLToPath(new URL('../docs/demo', import.meta.url))

/**
 * The text with every example's output replaced by the true one: the saved demo told again, the commands of the
 * console run on the file that README shows, and the library example run.
 */
export async function withTrueOutput(text: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-readme-'))
  try {
    writeFileSync(join(folder, 'my.yaml'), block(text, 'yaml my.yaml'))
    const ownFile = await printed([plimsoll, 'plan', 'my.yaml'], folder)
    const told = await printed([plimsoll, 'report', demo, '--quiet'], folder)
    const program = join(folder, 'example.ts')
    writeFileSync(program, block(text, 'ts').replace("'plimsoll'", `'${library}'`))
    const example = await printed([program], folder)
    let filled = replaced(text, 'text demo', withoutReportLine(told))
    filled = replaced(filled, 'console', `$ npx plimsoll plan my.yaml\n${ownFile}`)
    return replaced(filled, 'text library', example)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function printed(args: readonly string[], cwd: string): Promise<string> {
  const env = { ...process.env, NO_COLOR: '1', COLUMNS: '110' }
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, env })
  return `${stdout.trimEnd()}\n`
}

/** The saved run has no home of its own to point at. */
function withoutReportLine(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^ {2}report /.test(line))
    .join('\n')
}

/** What stands in the fenced block with this info string. */
export function block(text: string, info: string): string {
  const found = pattern(info).exec(text)
  if (!found) throw new Error(`README has no block \`\`\`${info}`)
  return found[1]!
}

function replaced(text: string, info: string, content: string): string {
  block(text, info)
  return text.replace(pattern(info), () => `\`\`\`${info}\n${content}\`\`\`\n`)
}

function pattern(info: string): RegExp {
  return new RegExp(`^\`\`\`${info}\n([\\s\\S]*?)^\`\`\`\n`, 'm')
}

if (import.meta.main) writeFileSync(readme, await withTrueOutput(readFileSync(readme, 'utf8')))
