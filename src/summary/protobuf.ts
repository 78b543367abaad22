/** @file Messages in the wire format of Protocol Buffers, as functions: a message is its fields. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** Writes a field with its number. */
export type Field = (writer: BinaryWriter) => void;

/** A message by itself. */
export function encode(fields: readonly Field[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const field of fields) field(writer);
  return writer.finish();
}

export const double =
  (number: number, value: number): Field =>
  (writer) =>
    writer.tag(number, WireType.Bit64).double(value);
export const int64 =
  (number: number, value: bigint | number): Field =>
  (writer) =>
    writer.tag(number, WireType.Varint).int64(value);
/** An int32, or a value of an enumeration. */
export const int32 =
  (number: number, value: number): Field =>
  (writer) =>
    writer.tag(number, WireType.Varint).int32(value);
export const bool =
  (number: number, value: boolean): Field =>
  (writer) =>
    writer.tag(number, WireType.Varint).bool(value);
/** Left out where there is no text. */
export const string =
  (number: number, value: string | undefined): Field =>
  (writer) => {
    if (value) writer.tag(number, WireType.LengthDelimited).string(value);
  };
export const bytes =
  (number: number, value: Uint8Array | string): Field =>
  (writer) => {
    writer.tag(number, WireType.LengthDelimited);
    if (typeof value === 'string') writer.string(value);
    else writer.bytes(value);
  };
/** A message within another. */
export const message =
  (number: number, ...fields: readonly Field[]): Field =>
  (writer) => {
    writer.tag(number, WireType.LengthDelimited).fork();
    for (const field of fields) field(writer);
    writer.join();
  };
/** An entry of a map from text to messages. */
export const entry = (number: number, key: string, ...fields: readonly Field[]): Field =>
  message(number, bytes(1, key), message(2, ...fields));
