#!/usr/bin/env node
// In a checkout the TypeScript source runs as it is; a published package carries only dist/.
import { existsSync } from 'node:fs'

const source = new URL('../src/cli/main.ts', import.meta.url)
await import(existsSync(source) ? source.href : new URL('../dist/cli/main.js', import.meta.url).href)
