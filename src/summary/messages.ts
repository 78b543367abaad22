/** @file TensorFlow's Event message and those within it; field numbers are those of its event, summary, tensor and graph protos. */
import type {
  AttributeValue,
  Event,
  EventContent,
  GraphNodeDescription,
  HostTensor,
  Summary,
  SummaryMetadata,
} from './event.ts';
import type { Shape } from '../tensor/shape.ts';
import { type Field, bytes, double, encode, entry, int32, int64, message, string } from './protobuf.ts';

/** TensorFlow's numbers of dtypes. */
const dataTypes: Readonly<Record<string, number>> = {
  ...{ float32: 1, float64: 2, int32: 3, uint8: 4, int16: 5, int8: 6, string: 7, complex64: 8, int64: 9, bool: 10 },
  float16: 19,
};

const shapeFields = (shape: Shape): Field[] => shape.map((size) => message(2, int64(1, size)));

/** Numbers as they lie in memory, least byte first: on every machine that Node runs on. */
function tensorFields({ dtype, shape, values }: HostTensor): Field[] {
  const content =
    dtype === 'string'
      ? values.map((value) => bytes(8, value))
      : [bytes(4, new Uint8Array(values.buffer, values.byteOffset, values.byteLength))];
  return [int32(1, dataTypes[dtype]), message(2, ...shapeFields(shape)), ...content];
}

const metadataFields = ({ pluginName, content, displayName, description }: SummaryMetadata): Field[] => [
  message(1, string(1, pluginName), ...(content ? [bytes(2, content)] : [])),
  string(2, displayName),
  string(3, description),
];

const summaryFields = ({ tag, tensor, metadata }: Summary): Field[] => [
  message(
    1,
    string(1, tag),
    message(8, ...tensorFields(tensor)),
    ...(metadata ? [message(9, ...metadataFields(metadata))] : []),
  ),
];

function attributeFields(value: AttributeValue): Field[] {
  if ('text' in value) return [bytes(2, value.text)];
  if ('dtype' in value) return [int32(6, dataTypes[value.dtype])];
  return [message(1, ...value.shapes.map((shape) => message(7, ...shapeFields(shape))))];
}

const nodeFields = ({ name, operation, inputs, attributes }: GraphNodeDescription): Field[] => [
  string(1, name),
  string(2, operation),
  ...inputs.map((input) => string(3, input)),
  ...Object.entries(attributes).map(([key, value]) => entry(5, key, ...attributeFields(value))),
];

/** The version of TensorFlow's graphs that TensorBoard expects at least. */
const graphVersion = 27;

const graphFields = (nodes: readonly GraphNodeDescription[]): Field[] => [
  ...nodes.map((node) => message(1, ...nodeFields(node))),
  message(4, int32(1, graphVersion)),
];

function contentField(content: EventContent): Field {
  if ('summary' in content) return message(5, ...summaryFields(content.summary));
  if ('graph' in content) return bytes(4, encode(graphFields(content.graph)));
  return string(3, content.fileVersion);
}

export const encodeEvent = ({ wallTime, step, content }: Event): Uint8Array =>
  encode([double(1, wallTime), int64(2, step), contentField(content)]);
