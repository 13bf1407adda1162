import type { IncomingMessage, ServerResponse } from 'node:http'
import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler } from '@modelcontextprotocol/server'
import type { Face } from './face.ts'
import { mostBodyBytes } from './http-answer.ts'
import { mcpServerFactory } from './mcp-server.ts'

export type McpFace = (request: IncomingMessage, response: ServerResponse) => void

/** `/mcp`: the workload's tools over streamable HTTP; a provider on loopback is no prey for other pages of a browser. */
export function createMcpFace(face: Face & { readonly adminToken: string | undefined }): McpFace {
  const isLocalHost = localhostHostValidation()
  const isLocalOrigin = localhostOriginValidation()
  let answer: ReturnType<typeof toNodeHandler> | undefined
  return (request, response) => {
    if (
      face.adminToken === undefined &&
      (!isLocalHost(request, response) || !isLocalOrigin(request, response))
    )
      return
    const limits = { maxRequestBodySize: mostBodyBytes }
    answer ??= toNodeHandler(createMcpHandler(mcpServerFactory(face), limits), limits)
    // A request that a server was handed has both.
    void answer(request as IncomingMessage & { readonly url: string; readonly method: string }, response)
  }
}
