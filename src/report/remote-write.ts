import protobuf from 'protobufjs/light.js'
import { compress } from 'snappyjs'
import { cleanText } from './clean.ts'
import type { Metric } from './metrics.ts'
import { withInterval } from './prometheus.ts'

/**
 * Prometheus remote write 1.0: the messages of prometheus/prompb/remote.proto and types.proto that a sender needs,
 * in a block of snappy (https://prometheus.io/docs/specs/prw/remote_write_spec/).
 */
const root = protobuf.Root.fromJSON({
  nested: {
    WriteRequest: { fields: { timeseries: { rule: 'repeated', type: 'TimeSeries', id: 1 } } },
    TimeSeries: {
      fields: {
        labels: { rule: 'repeated', type: 'Label', id: 1 },
        samples: { rule: 'repeated', type: 'Sample', id: 2 },
      },
    },
    Label: { fields: { name: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } } },
    Sample: { fields: { value: { type: 'double', id: 1 }, timestamp: { type: 'int64', id: 2 } } },
  },
})

/** Decodes what `remoteWriteBody` makes, once it is out of its snappy block. */
export const writeRequest = root.lookupType('WriteRequest')

/** What the specification demands of a sender. */
export const remoteWriteHeaders: Readonly<Record<string, string>> = {
  'content-encoding': 'snappy',
  'content-type': 'application/x-protobuf',
  'x-prometheus-remote-write-version': '0.1.0',
  'user-agent': 'plimsoll',
}

/** Each metric as a series of one sample; `common` labels stand on all. */
export function remoteWriteBody(
  metrics: readonly Metric[],
  common: Readonly<Record<string, string>>,
  atMs: number,
): Uint8Array {
  const timeseries = metrics.flatMap(withInterval).map(({ name, labels, value }) => ({
    labels: sortedLabels({ ...common, ...labels, __name__: `plimsoll_${name}` }),
    samples: [{ value, timestamp: atMs }],
  }))
  return compress(writeRequest.encode({ timeseries }).finish())
}

/** In the order that receivers demand; a label without a value is none. */
function sortedLabels(labels: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(labels)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => ({ name, value: cleanText(value) }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
}
