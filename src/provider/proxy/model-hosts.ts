/** Hosts at which the clients of the APIs that are played expect a model; a star stands for one or more labels. */
export const modelHosts = [
  'api.openai.com',
  'api.anthropic.com',
  'generativelanguage.googleapis.com',
  'aiplatform.googleapis.com',
  '*-aiplatform.googleapis.com',
  '*.openai.azure.com',
  '*.services.ai.azure.com',
  '*.cognitiveservices.azure.com',
  'bedrock-runtime.*.amazonaws.com',
] as const

/** Whether a host is one of a list. */
export function isHostOf(host: string, hosts: readonly string[]): boolean {
  return hosts.some((pattern) => expressionOf(pattern).test(host))
}

function expressionOf(pattern: string): RegExp {
  const plain = pattern.split('*').map((part) => part.replaceAll(/[^a-z0-9-]/gi, '\\$&'))
  return new RegExp(`^${plain.join('[a-z0-9.-]+')}$`, 'i')
}
