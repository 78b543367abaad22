import { describe, expect, test } from 'vitest';
import { displaySymbol } from '../../src/display.ts';
import * as vis from '../../src/vis/index.ts';
import { layeredLayout } from '../../src/vis/layered-layout.ts';
import { elementsOf, parseXML, textOf } from './xml.ts';

const model: vis.ModelDescription = {
  name: 'net <1>',
  inputShape: [null, 28, 28, 1],
  optimizerParameters: 100,
  layers: [
    { name: 'conv', type: 'Conv2D', outputShape: [null, 26, 26, 4], parameters: 40, detail: '3×3' },
    {
      name: 'norm',
      type: 'BatchNormalization',
      outputShape: [null, 26, 26, 4],
      parameters: 16,
      trainableParameters: 8,
    },
    { name: 'flatten', type: 'Flatten', outputShape: [null, 2704], parameters: 0 },
    { name: 'dense', type: 'Dense', outputShape: [null, 10], parameters: 27050, trainable: false },
  ],
};

describe('a summary', () => {
  test('is the table that Keras prints', () => {
    expect(String(vis.summaryTable(model))).toBe(
      `
Model: "net <1>"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━┓
┃ Layer (type)              ┃ Output Shape      ┃ Param # ┃ Trainable ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━┩
│ conv (Conv2D)             │ [null, 26, 26, 4] │      40 │    yes    │
├───────────────────────────┼───────────────────┼─────────┼───────────┤
│ norm (BatchNormalization) │ [null, 26, 26, 4] │      16 │     8     │
├───────────────────────────┼───────────────────┼─────────┼───────────┤
│ flatten (Flatten)         │ [null, 2704]      │       0 │     -     │
├───────────────────────────┼───────────────────┼─────────┼───────────┤
│ dense (Dense)             │ [null, 10]        │  27,050 │    no     │
└───────────────────────────┴───────────────────┴─────────┴───────────┘
 Total params: 27,206 (106.27 KB)
 Trainable params: 48 (192.00 B)
 Non-trainable params: 27,058 (105.70 KB)
 Optimizer params: 100 (400.00 B)`.trim(),
    );
  });

  test('is an HTML table with the same numbers', () => {
    const html = parseXML(vis.summaryTable(model).toHTML());
    expect(elementsOf(html, 'th').map(textOf)).toEqual(['Layer (type)', 'Output Shape', 'Param #', 'Trainable']);
    const rows = elementsOf(html, 'tr').map((row) => elementsOf(row, 'td').map(textOf));
    expect(rows[1]).toEqual(['conv Conv2D · 3×3', '[null, 26, 26, 4]', '40', 'yes']);
    expect(textOf(html)).toContain('Model net <1>');
    expect(textOf(html)).toContain('Total params 27,206 (106.27 KB)');
  });

  test('says what is not known yet, and counts bytes of narrow types', () => {
    const unbuilt = { name: 'm', layers: [{ name: 'a', type: 'Dense', parameters: 8, bytes: 16 }] };
    const lines = String(vis.summaryTable(unbuilt)).split('\n');
    expect(lines[4]).toBe('│ a (Dense)    │ ?            │       8 │');
    expect(lines).toContain(' Total params: 8 (16.00 B)');
  });
});

/** Two inputs through one encoder, whose two codes meet: shared, nested, several inputs and outputs. */
const input = (name: string): vis.LayerDescription => ({
  ...{ name, type: 'InputLayer', outputShape: [null, 8], dtype: 'float32', parameters: 0, inbound: [] },
});
const dense = (name: string, inbound?: vis.LayerDescription['inbound']): vis.LayerDescription => ({
  ...{ name, type: 'Dense', outputShape: [null, 4], dtype: 'float16', parameters: 36, activation: 'relu', inbound },
});
const heads: vis.ModelDescription = {
  name: 'heads',
  layers: [input('a'), input('b'), dense('mean', ['a']), dense('spread', ['b', 'a'])],
  outputs: [{ layer: 'mean' }, { layer: 'spread' }],
};
const siamese: vis.ModelDescription = {
  name: 'siamese',
  kind: 'functional',
  layers: [
    input('left'),
    input('right'),
    dense('encoder', [
      { layer: 'left', call: 0 },
      { layer: 'right', call: 1 },
    ]),
    {
      ...{
        name: 'heads',
        type: 'Functional',
        outputShape: [
          [null, 4],
          [null, 4],
        ],
        parameters: 72,
        model: heads,
      },
      inbound: [{ layer: 'encoder' }, { layer: 'encoder', node: 1 }],
    },
    dense('score', [{ layer: 'heads' }, { layer: 'heads', tensor: 1 }]),
  ],
};

describe('a summary of a graph of layers', () => {
  const rowsOf = (table: vis.SummaryTable) =>
    String(table)
      .split('\n')
      .filter((line) => line.startsWith('│'))
      .map((line) =>
        line
          .split('│')
          .slice(1, -1)
          .map((cell) => cell.trimEnd().slice(1)),
      );

  test('says what is connected to what, by use and output', () => {
    const rows = rowsOf(vis.summaryTable(siamese));
    expect(rows.map((row) => row[3])).toEqual([
      '-',
      '-',
      'left[0][0], right[0][0]',
      'encoder[0][0], encoder[1][0]',
      'heads[0][0], heads[0][1]',
    ]);
    expect(rows[3][1]).toBe('[null, 4], [null, 4]');
    const html = parseXML(vis.summaryTable(siamese).toHTML());
    const cells = elementsOf(html, 'tr').map((row) => elementsOf(row, 'td').map(textOf));
    expect(cells[4][3]).toBe('encoder, encoder[1][0]');
  });

  test('has rows for the layers of nested models where asked', () => {
    expect(rowsOf(vis.summaryTable(siamese)).map(([name]) => name)).not.toContain('   └ mean (Dense)');
    const rows = rowsOf(vis.summaryTable(siamese, { expandNested: true }));
    expect(rows.map(([name]) => name)).toEqual([
      ...['left (InputLayer)', 'right (InputLayer)', 'encoder (Dense)', 'heads (Functional)'],
      ...['   └ a (InputLayer)', '   └ b (InputLayer)', '   └ mean (Dense)', '   └ spread (Dense)', 'score (Dense)'],
    ]);
    // A nested model counts once.
    expect(String(vis.summaryTable(siamese, { expandNested: true }))).toContain(' Total params: 144 (576.00 B)');
  });

  test('keeps to a line length, breaking its cells', () => {
    const lines = String(vis.summaryTable(siamese, { lineLength: 60, showTrainable: true })).split('\n');
    expect(new Set(lines.filter((line) => /^[│├┏]/.test(line)).map(({ length }) => length))).toEqual(new Set([60]));
    expect(lines.join('')).toContain('Trainable');
    expect(() => vis.summaryTable(siamese, { lineLength: 20 })).toThrow('give a larger lineLength');
    expect(() => vis.summaryTable(siamese, { lineLength: 60, positions: [0.5, 1] })).toThrow('expected 4 positions');
    const [first] = String(vis.summaryTable(model, { lineLength: 60, positions: [25, 40, 50, 60] }))
      .split('\n')
      .slice(1);
    expect(first.split('┳').map(({ length }) => length)).toEqual([24, 14, 9, 10]);
  });

  test('shows a range of layers, by names or patterns', () => {
    const names = (range: readonly [string | RegExp, string | RegExp]) =>
      rowsOf(vis.summaryTable(model, { layerRange: range })).map(([name]) => name.split(' ')[0]);
    expect(names(['norm', 'flatten'])).toEqual(['norm', 'flatten']);
    expect(names([/^n/, 'dense'])).toEqual(['norm', 'flatten', 'dense']);
    expect(() => vis.summaryTable(model, { layerRange: ['norm', 'lstm'] })).toThrow(
      'no layer fits lstm; the layers are conv',
    );
  });

  test('counts shared weights once where the model says how many there are', () => {
    const counted = {
      ...siamese,
      trainable: { parameters: 100, bytes: 200 },
      nonTrainable: { parameters: 4, bytes: 16 },
    };
    expect(String(vis.summaryTable(counted)).split('\n').slice(-3)).toEqual([
      ' Total params: 104 (216.00 B)',
      ' Trainable params: 100 (200.00 B)',
      ' Non-trainable params: 4 (16.00 B)',
    ]);
  });

  test('says where a layer has no weights yet', () => {
    const layers = [{ name: 'a', type: 'Dense', parameters: 0, built: false }];
    expect(rowsOf(vis.summaryTable({ name: 'm', layers }))[0]).toEqual(['a (Dense)', '?', '0 (unbuilt)']);
  });
});

describe('an architecture picture', () => {
  test('has a box for each layer and for the input, and the shapes between them', async () => {
    const bundle = await vis.modelDiagram(model)[displaySymbol]();
    expect(Object.keys(bundle)).toEqual(['image/svg+xml', 'image/png', 'text/plain']);
    const png = Buffer.from(bundle['image/png'] as string, 'base64');
    const svg = parseXML(bundle['image/svg+xml'] as string);
    const words = elementsOf(svg, 'text').map(textOf);
    expect(elementsOf(svg, 'rect')).toHaveLength(5);
    expect(words).toEqual(expect.arrayContaining(['input', 'conv', '3×3 · 40 params', '27,050 params · frozen']));
    expect(words.filter((word) => word.includes('×') && !word.includes('params'))).toEqual([
      '28 × 28 × 1',
      '26 × 26 × 4',
      '26 × 26 × 4',
    ]);
    expect(svg.attributes['aria-label']).toBe('Architecture of net <1>: 4 layers');
    expect(png.readUInt32BE(16)).toBe(Number(svg.attributes.width));
    expect(bundle['text/plain']).toBe(String(vis.summaryTable(model)));
  });

  test('keeps its boxes inside of the picture and apart', () => {
    const layer = (name: string, inbound: string[]) => ({
      name,
      type: 'Dense',
      outputShape: [null, 4],
      parameters: 20,
      inbound,
    });
    const svg = parseXML(
      vis
        .modelDiagram({
          name: 'branches',
          layers: [
            layer('a', []),
            layer('b', ['a']),
            layer('c', ['a']),
            layer('d', ['b']),
            layer('join', ['d', 'c', 'a']),
            layer('left', ['join']),
            layer('right', ['join']),
          ],
        })
        .toSVG(),
    );
    const boxes = elementsOf(svg, 'rect').map(({ attributes: { x, y, width, height } }) => ({
      left: Number(x),
      right: Number(x) + Number(width),
      top: Number(y),
      bottom: Number(y) + Number(height),
    }));
    expect(boxes).toHaveLength(7);
    for (const [i, box] of boxes.entries()) {
      expect(box.left).toBeGreaterThanOrEqual(0);
      expect(box.right).toBeLessThanOrEqual(Number(svg.attributes.width));
      expect(box.bottom).toBeLessThanOrEqual(Number(svg.attributes.height));
      for (const other of boxes.slice(i + 1))
        expect(
          box.right < other.left || other.right < box.left || box.bottom < other.top || other.bottom < box.top,
        ).toBe(true);
    }
  });

  test('has one box for a shared layer, and arrows for each of its uses', () => {
    const svg = parseXML(vis.modelDiagram(siamese).toSVG());
    expect(elementsOf(svg, 'rect')).toHaveLength(5);
    expect(elementsOf(svg, 'text').map(textOf)).not.toContain('mean');
  });

  test('draws a nested model as a frame around its layers', () => {
    const svg = parseXML(vis.modelDiagram(siamese, { expandNested: true }).toSVG());
    const rects = elementsOf(svg, 'rect').map(({ attributes }) => attributes);
    expect(rects).toHaveLength(5 + 4);
    const [frame] = rects.filter((rect) => rect.class === 'frame');
    const within = (outer: Record<string, string>, rect: Record<string, string>) =>
      ['x', 'y'].every((axis, i) => {
        const size = ['width', 'height'][i];
        return (
          Number(rect[axis]) > Number(outer[axis]) &&
          Number(rect[axis]) + Number(rect[size]) < Number(outer[axis]) + Number(outer[size])
        );
      });
    expect(rects.filter((rect) => within(frame, rect))).toHaveLength(4);
    expect(elementsOf(svg, 'text').map(textOf)).toEqual(expect.arrayContaining(['heads', 'mean', 'spread']));
  });

  test('runs from left to right where asked', () => {
    const placesOf = (rankdir: 'TB' | 'LR') =>
      elementsOf(parseXML(vis.modelDiagram(model, { rankdir }).toSVG()), 'rect').map(({ attributes: { x, y } }) => [
        Number(x),
        Number(y),
      ]);
    expect(new Set(placesOf('TB').map(([x]) => x)).size).toBe(1);
    const across = placesOf('LR');
    expect(across.map(([x]) => x)).toEqual([...across.map(([x]) => x)].sort((a, b) => a - b));
    expect(new Set(across.map(([x]) => x)).size).toBe(5);
    expect(() => vis.modelDiagram(model, { rankdir: 'XX' as never })).toThrow("rankdir must be 'TB'");
  });

  test('shows what it is asked to', () => {
    const words = (options: vis.ModelDiagramOptions) =>
      elementsOf(parseXML(vis.modelDiagram(siamese, options).toSVG()), 'text').map(textOf);
    expect(words({})).toEqual(expect.arrayContaining(['encoder', 'Dense', '4', '36 params']));
    expect(words({ showShapes: false })).not.toContain('4');
    expect(words({ showDtype: true })).toContain('4 float16');
    expect(words({ showLayerNames: false })).not.toContain('encoder');
    expect(words({ showLayerActivations: true })).toContain('relu · 36 params');
    expect(words({ showTrainable: true })).toContain('36 params · trainable');
  });

  test('has a box for each use of a layer that takes what follows from its own output', () => {
    const looped: vis.ModelDescription = {
      name: 'twice',
      kind: 'functional',
      layers: [
        input('x'),
        dense('shared', [
          { layer: 'x', call: 0 },
          { layer: 'between', call: 1 },
        ]),
        dense('between', ['shared']),
        dense('out', [{ layer: 'shared', node: 1 }]),
      ],
    };
    const words = elementsOf(parseXML(vis.modelDiagram(looped).toSVG()), 'text').map(textOf);
    expect(words.filter((word) => word === 'shared')).toHaveLength(2);
    expect(words).toEqual(expect.arrayContaining(['Dense · use 1', 'Dense · use 2']));
  });

  test('lists the layers of a subclassed model, whose connections only its code knows', () => {
    const svg = parseXML(vis.modelDiagram({ ...model, kind: 'subclassed' }).toSVG());
    expect(elementsOf(svg, 'rect')).toHaveLength(1);
    expect(elementsOf(svg, 'text').map(textOf)).toContain('dense: Dense · 10 · 27,050 params');
  });

  test('is drawn for a model without layers too', () => {
    expect(elementsOf(parseXML(vis.modelDiagram({ name: 'm', layers: [] }).toSVG()), 'rect')).toEqual([]);
  });

  test('refuses an edge to a layer that does not come before', () => {
    const layers = [{ name: 'a', type: 'Dense', parameters: 0, inbound: ['b'] }];
    expect(() => vis.modelDiagram({ name: 'm', layers }).toSVG()).toThrow("layer 'a' takes the output of 'b'");
    const circle = [dense('a', ['b']), dense('b', ['a'])];
    expect(() => vis.modelDiagram({ name: 'm', layers: circle }).toSVG()).toThrow('which does not come before it');
  });
});

describe('the layout', () => {
  const node = (id: string, ...inbound: string[]) => ({ id, inbound, width: 10 });

  test('puts every layer below all that feed it', () => {
    const { places } = layeredLayout([node('a'), node('b', 'a'), node('c', 'a', 'b'), node('d', 'a')], 5);
    expect(Object.fromEntries([...places].map(([id, { row }]) => [id, row]))).toEqual({ a: 0, b: 1, c: 2, d: 1 });
  });

  test('leads long edges around the boxes between', () => {
    const { places, routes } = layeredLayout([node('a'), node('b', 'a'), node('c', 'b', 'a')], 5);
    const long = routes.find(({ from, to }) => from === 'a' && to === 'c')!;
    expect(long.via).toHaveLength(3);
    expect(Math.abs(long.via[1].x - places.get('b')!.x)).toBeGreaterThanOrEqual(5 + 5);
  });

  test('uncrosses two branches', () => {
    const { places } = layeredLayout([node('a'), node('b'), node('p', 'b'), node('q', 'a')], 5);
    const side = (left: string, right: string) => Math.sign(places.get(left)!.x - places.get(right)!.x);
    expect(side('a', 'b')).toBe(side('q', 'p'));
  });
});
