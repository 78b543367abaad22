/** @file Records of a TFRecord file: length, checksum of the length, bytes, checksum of the bytes. */
import crc32c from '@chainsafe/fast-crc32c';

/** The checksum as TFRecord stores it: turned and shifted, so that files of checksums have useful checksums themselves. */
export function maskedChecksum(data: Uint8Array): number {
  const checksum = crc32c.calculate(data) >>> 0;
  return (((checksum >>> 15) | (checksum << 17)) + 0xa282ead8) >>> 0;
}

/** A record with what is around it. */
export function frameRecord(data: Uint8Array): Uint8Array {
  const framed = new Uint8Array(data.length + 16);
  const view = new DataView(framed.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedChecksum(framed.subarray(0, 8)), true);
  framed.set(data, 12);
  view.setUint32(12 + data.length, maskedChecksum(data), true);
  return framed;
}
