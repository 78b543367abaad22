// Draws the kernel's logo and writes kernelspec/logo-svg.svg and its two PNG sizes: `node scripts/make-logo.mjs`.
// The picture: a tensor of eight cells in isometric view, the cell at the front corner lit, between a prompt's brackets.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'kernelspec');

const center = { x: 32, y: 32 };
const edge = 10.8; // of one cell
const gap = 0.075; // of a cell, left free around each facet
const axes = {
  x: { x: edge * Math.cos(Math.PI / 6), y: edge / 2 },
  y: { x: -edge * Math.cos(Math.PI / 6), y: edge / 2 },
  z: { x: 0, y: -edge },
};

/** A point of the cube, in cells from its middle, on the drawing. */
const project = (x, y, z) => ({
  x: center.x + x * axes.x.x + y * axes.y.x + z * axes.z.x,
  y: center.y + x * axes.x.y + y * axes.y.y + z * axes.z.y,
});

/** The three faces in view: which corner of the cube a facet (i, j) starts at, its colour, and which facet is lit. */
const faces = [
  { at: (i, j) => [i - 1, j - 1, 1], fill: '#8fd3ff', lit: '#ffd166', corner: [1, 1] },
  { at: (i, j) => [i - 1, 1, j - 1], fill: '#3f9fe8', lit: '#ffa62b', corner: [1, 1] },
  { at: (i, j) => [1, i - 1, j - 1], fill: '#1f6fc0', lit: '#f47c20', corner: [1, 1] },
];

const number = (value) => String(Math.round(value * 100) / 100);

function facet({ at, fill, lit, corner }, i, j) {
  const corners = [
    [i + gap, j + gap],
    [i + 1 - gap, j + gap],
    [i + 1 - gap, j + 1 - gap],
    [i + gap, j + 1 - gap],
  ].map(([u, v]) => project(...at(u, v)));
  const color = i === corner[0] && j === corner[1] ? lit : fill;
  const points = corners.map(({ x, y }) => `${number(x)},${number(y)}`).join(' ');
  return `<polygon points="${points}" fill="${color}" stroke="${color}"/>`;
}

const facets = faces.flatMap((face) => [0, 1].flatMap((i) => [0, 1].map((j) => facet(face, i, j))));

const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64" role="img">
<title>TensorCell</title>
<rect x="2" y="2" width="60" height="60" rx="13" fill="#10243e"/>
<g fill="none" stroke="#e8f1fb" stroke-width="3" stroke-linecap="round" stroke-linejoin="round">
<path d="M14 13H8.5V51H14"/>
<path d="M50 13H55.5V51H50"/>
</g>
<g stroke-width="0.9" stroke-linejoin="round">
${facets.join('\n')}
</g>
</svg>
`;

writeFileSync(join(folder, 'logo-svg.svg'), svg);
for (const size of [32, 64]) {
  // Drawn at four times the size first: facets' edges stay crisp at 32 pixels.
  await sharp(Buffer.from(svg), { density: 72 * 4 * (size / 64) })
    .resize(size, size, { kernel: 'lanczos3' })
    .png({ compressionLevel: 9 })
    .toFile(join(folder, `logo-${size}x${size}.png`));
}
