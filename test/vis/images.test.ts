import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { displaySymbol } from '../../src/display.ts';
import * as vis from '../../src/vis/index.ts';
import { elementsOf, parseXML, textOf } from './xml.ts';

/** The pixels of a PNG file. */
async function pixelsOf(
  png: Uint8Array,
): Promise<{ pixels: number[]; width: number; height: number; channels: number }> {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  return { pixels: [...data], width: info.width, height: info.height, channels: info.channels };
}

describe('an image', () => {
  test('is a PNG of its pixels', async () => {
    const picture = vis.image(
      [
        [0, 0.5],
        [1, 0.25],
      ],
      { scale: 1 },
    );
    const { pixels, width, height } = await pixelsOf(await picture.toPNG());
    expect([width, height]).toEqual([2, 2]);
    expect(pixels.filter((_, i) => i % (pixels.length / 4) === 0)).toEqual([0, 128, 255, 64]);
  });

  test('has colours and is enlarged without blur', async () => {
    const picture = vis.image(
      [
        [
          [1, 0, 0],
          [0, 0, 1],
        ],
      ],
      { scale: 3 },
    );
    const { pixels, width, height, channels } = await pixelsOf(await picture.toPNG());
    expect([width, height, channels]).toEqual([6, 3, 3]);
    expect(pixels.slice(6, 12)).toEqual([255, 0, 0, 0, 0, 255]);
    const bundle = await picture[displaySymbol]();
    expect(bundle['text/plain']).toBe('Image, 2 x 1 pixels, RGB');
    expect(bundle['image/png']).toMatch(/^iVBORw0KGgo/);
  });

  test.each([
    ['bytes', new Uint8Array([0, 51, 102, 255]), [0, 51, 102, 255]],
    ['floats from -1 to 1', new Float32Array([-1, 0, 0.5, 1]), [0, 128, 191, 255]],
    ['floats up to 255', new Float32Array([0, 51, 102, 255]), [0, 51, 102, 255]],
    ['floats of any range', new Float32Array([-10, 0, 0, 10]), [0, 128, 128, 255]],
  ])('maps %s to black and white', async (_, values, expected) => {
    const grid = vis.imageGrid([values as never], { imageShape: [2, 2], scale: 1 });
    const [embedded] = elementsOf(parseXML(await grid.toSVG()), 'image');
    const { pixels } = await pixelsOf(Buffer.from(embedded.attributes.href.split(',')[1], 'base64'));
    expect(pixels.filter((_, i) => i % (pixels.length / 4) === 0)).toEqual(expected);
  });

  test('is refused in another shape', () => {
    expect(() => vis.image([1, 2, 3])).toThrow(
      'expects images of shape [height, width] or [height, width, 1, 3 or 4], got [3]',
    );
    expect(() => vis.image([[[1, 2]]])).toThrow('got [1, 1, 2]');
    expect(() => vis.image([[1]], { scale: 1.5 })).toThrow('scale must be a whole number of at least 1, got 1.5');
  });
});

describe('a grid of images', () => {
  const images = Array.from({ length: 5 }, () => [
    [0, 1],
    [1, 0],
  ]);

  test('stands in rows and columns', async () => {
    const svg = parseXML(await vis.imageGrid(images, { columns: 3, scale: 10 }).toSVG());
    const places = elementsOf(svg, 'image').map(({ attributes: { x, y } }) => `${x},${y}`);
    expect(places).toEqual(['0,0', '28,0', '56,0', '0,28', '28,28']);
    expect([svg.attributes.width, svg.attributes.height]).toEqual(['76', '48']);
  });

  test('has titles, escaped, in the colour of right and wrong', async () => {
    const grid = vis.imageGrid(images, {
      titles: ['<a>', '&', 'c', 'd', 'e'],
      correct: [true, false, 1, 0, 1],
      scale: 20,
    });
    const titles = elementsOf(parseXML(await grid.toSVG()), 'text');
    expect(titles.map(textOf)).toEqual(['✓ <a>', '✗ &', '✓ c', '✗ d', '✓ e']);
    expect(titles[0].attributes.fill).toBe(titles[2].attributes.fill);
    expect(titles[0].attributes.fill).not.toBe(titles[1].attributes.fill);
    expect(String(grid)).toBe('5 images of 2 x 2 pixels: <a>, &, c, d, e; 3 of 5 right');
  });

  test('carries a PNG of the whole for where SVG is not shown', async () => {
    const bundle = await vis.imageGrid(images, { maxImages: 2 })[displaySymbol]();
    expect(Object.keys(bundle)).toEqual(['image/svg+xml', 'image/png', 'text/plain']);
    const { width } = await pixelsOf(Buffer.from(bundle['image/png'] as string, 'base64'));
    expect(width).toBe(2 * Number(parseXML(bundle['image/svg+xml'] as string).attributes.width));
    expect(bundle['text/plain']).toBe('2 of 5 images of 2 x 2 pixels');
  });

  test('is refused in another shape', () => {
    expect(() => vis.imageGrid([[1, 2, 3]], { imageShape: [2, 2] })).toThrow(
      'or [n, 4] for imageShape [2, 2]; got [1, 3]',
    );
    expect(() => vis.imageGrid(images, { columns: 0 })).toThrow('columns must be a whole number of at least 1, got 0');
  });
});

describe('labels and predictions of a grid', () => {
  const images = Array.from({ length: 3 }, () => [
    [0, 1],
    [1, 0],
  ]);
  const classNames = ['cat', 'dog'];
  const wordsOf = async (grid: vis.ImageGrid) => elementsOf(parseXML(await grid.toSVG()), 'text').map(textOf);

  test('mark what is right and wrong by sign, colour and frame, and say what it is', async () => {
    const probabilities = [
      [0.9, 0.1],
      [0.75, 0.25],
      [0.4, 0.6],
    ];
    const grid = vis.imageGrid(images, { labels: [0, 1, 1], predictions: probabilities, classNames });
    expect(await wordsOf(grid)).toEqual(['✓ cat 90%', '✗ cat 75%', 'is dog', '✓ dog 60%']);
    const svg = parseXML(await grid.toSVG());
    expect(elementsOf(svg, 'rect')).toHaveLength(1);
    expect(svg.attributes['aria-label']).toBe(
      '3 images of 2 x 2 pixels: cat 90%, cat 75% (is dog), dog 60%; 2 of 3 right',
    );
  });

  test('take numbers, names, one-hot rows and logits', async () => {
    const oneHot = [[1, 0], [0, 1], [0, 1]]; // prettier-ignore
    expect(await wordsOf(vis.imageGrid(images, { labels: oneHot, classNames }))).toEqual(['cat', 'dog', 'dog']);
    expect(await wordsOf(vis.imageGrid(images, { predictions: [[2, -1], [0, 4], [3, 1]], classNames }))).toEqual(['cat', 'dog', 'cat']); // prettier-ignore
    expect(await wordsOf(vis.imageGrid(images, { labels: ['a', 'b', 'c'], predictions: ['a', 'b', 'x'] }))).toEqual(['✓ a', '✓ b', '✗ x', 'is c']); // prettier-ignore
    expect(await wordsOf(vis.imageGrid(images, { labels: [4, 5, 6], maxImages: 2 }))).toEqual(['4', '5']);
  });

  test('are refused where they do not fit', () => {
    expect(() => vis.imageGrid(images, { labels: [1] })).toThrow('there are 3 images and 1 labels');
    expect(() => vis.imageGrid(images, { predictions: [0, 1, 2], classNames })).toThrow('predictions has 2 at position 2, which has no name among the 2 classNames'); // prettier-ignore
    expect(() => vis.imageGrid(images, { titles: ['a', 'b', 'c'], labels: [1, 1, 1] })).toThrow(
      'either titles, or labels',
    );
    expect(() => vis.imageGrid(images, { titles: ['a'] })).toThrow('there are 3 images and 1 titles');
  });
});

test('pictures are written to files, as SVG or PNG', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tensorcell-pictures-'));
  try {
    const plot = vis.line([1, 2, 3]);
    await vis.save(plot, join(folder, 'line.svg'));
    expect(await readFile(join(folder, 'line.svg'), 'utf8')).toBe(await plot.toSVG());
    await vis.save(plot, join(folder, 'line.PNG'), { scale: 1, background: 'white' });
    const { width, channels } = await pixelsOf(await readFile(join(folder, 'line.PNG')));
    expect([width, channels]).toEqual([Number(parseXML(await plot.toSVG()).attributes.width), 3]);
    await vis.save(vis.image([[0, 1]]), join(folder, 'image.png'));
    await expect(vis.save(vis.image([[0, 1]]), join(folder, 'image.svg'))).rejects.toThrow('give');
    await expect(vis.save(plot, join(folder, 'line.pdf'))).rejects.toThrow('must end in .svg or .png');
    await expect(vis.save({} as never, 'a.png')).rejects.toThrow('expects a picture');
  } finally {
    await rm(folder, { recursive: true });
  }
});
