/** @file Reads from the bytes of an ONNX model which operators it uses, with the names of their attributes. */

/** The fields of a protobuf message: numbers, or bytes. */
function* fields(bytes: Uint8Array): Generator<[field: number, value: number | Uint8Array]> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    if (key % 8 === 0) yield [key >> 3, varint()];
    else {
      const length = varint();
      yield [key >> 3, bytes.subarray(at, (at += length))];
    }
  }
}

const all = (bytes: Uint8Array, wanted: number): Uint8Array[] =>
  [...fields(bytes)].flatMap(([field, value]) => (field === wanted && typeof value !== 'number' ? [value] : []));
const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

function operatorsOf(graph: Uint8Array): string[] {
  return all(graph, 1).flatMap((node) => {
    const attributes = all(node, 5);
    const names = attributes.map((attribute) => text(all(attribute, 1)[0])).sort();
    const within = attributes.flatMap((attribute) => all(attribute, 6)).flatMap(operatorsOf);
    return [`${text(all(node, 4)[0])}(${names.join(', ')})`, ...within];
  });
}

/** `Gemm(transA, transB)`, those of graphs within nodes as well. */
export const operatorsIn = (model: Uint8Array): Set<string> => new Set(all(model, 7).flatMap(operatorsOf));
