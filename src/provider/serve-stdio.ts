import type { Readable, Writable } from 'node:stream'
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import type { Workload } from '../workload/workload.ts'
import { mcpServerFactory } from './mcp-server.ts'
import { type Playing, RunningProvider } from './running-provider.ts'

export interface ToolServer {
  /** Settled once the client has gone. */
  readonly closed: Promise<void>
  close(): Promise<void>
}

/** Plays the workload's tools as an MCP server over a pair of streams. */
export function serveToolsOverStdio(
  workload: Workload,
  playing: Playing,
  input: Readable,
  output: Writable,
): ToolServer {
  const provider = new RunningProvider(workload, playing)
  const transport = new StdioServerTransport(input, output)
  const handle = serveStdio(mcpServerFactory(provider), { transport })
  const closed = new Promise<void>((resolve) => {
    input.once('end', resolve)
    input.once('close', resolve)
  })
  return {
    closed,
    async close() {
      provider.cutAll()
      await handle.close()
      provider.stop()
    },
  }
}
