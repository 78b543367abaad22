/** @file Sounds as WAV files: 16-bit PCM. */

const headerBytes = 44;

/** @param samples - Between -1 and 1, the channels of a frame side by side; what is louder is cut. */
export function encodeWav(
  samples: Float32Array,
  { sampleRate, channels }: { sampleRate: number; channels: number },
): Uint8Array {
  const bytes = new Uint8Array(headerBytes + 2 * samples.length);
  const view = new DataView(bytes.buffer);
  const text = (offset: number, letters: string): void => bytes.set(Buffer.from(letters, 'latin1'), offset);
  text(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true); // bytes of the format
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * channels * 2, true); // bytes a second
  view.setUint16(32, channels * 2, true); // bytes a frame
  view.setUint16(34, 16, true); // bits a sample
  text(36, 'data');
  view.setUint32(40, 2 * samples.length, true);
  samples.forEach((sample, i) => {
    const scaled = sample * 32768;
    // Halves away from zero, as in TensorFlow.
    const rounded = Math.sign(scaled) * Math.round(Math.abs(scaled));
    view.setInt16(headerBytes + 2 * i, Math.min(Math.max(rounded, -32768), 32767), true);
  });
  return bytes;
}
