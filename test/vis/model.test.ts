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
┃ Layer (type)              ┃ Output shape      ┃ Param # ┃ Trainable ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━┩
│ conv (Conv2D)             │ [null, 26, 26, 4] │      40 │ yes       │
│ norm (BatchNormalization) │ [null, 26, 26, 4] │      16 │ 8         │
│ flatten (Flatten)         │ [null, 2704]      │       0 │ -         │
│ dense (Dense)             │ [null, 10]        │  27,050 │ no        │
└───────────────────────────┴───────────────────┴─────────┴───────────┘
 Total params: 27,106 (105.88 KB)
 Trainable params: 48 (192.00 B)
 Non-trainable params: 27,058 (105.70 KB)
 Optimizer params: 100 (400.00 B)`.trim(),
    );
  });

  test('is an HTML table with the same numbers', () => {
    const html = parseXML(vis.summaryTable(model).toHTML());
    expect(elementsOf(html, 'th').map(textOf)).toEqual(['Layer (type)', 'Output shape', 'Param #', 'Trainable']);
    const rows = elementsOf(html, 'tr').map((row) => elementsOf(row, 'td').map(textOf));
    expect(rows[1]).toEqual(['conv Conv2D · 3×3', '[null, 26, 26, 4]', '40', 'yes']);
    expect(textOf(html)).toContain('Model net <1>');
    expect(textOf(html)).toContain('Total params 27,106 (105.88 KB)');
  });

  test('says what is not known yet, and counts bytes of narrow types', () => {
    const unbuilt = { name: 'm', layers: [{ name: 'a', type: 'Dense', parameters: 8, bytes: 16 }] };
    const lines = String(vis.summaryTable(unbuilt)).split('\n');
    expect(lines[4]).toBe('│ a (Dense)    │ ?            │       8 │');
    expect(lines).toContain(' Total params: 8 (16.00 B)');
  });
});

describe('an architecture picture', () => {
  test('has a box for each layer and for the input, and the shapes between them', () => {
    const bundle = vis.modelDiagram(model)[displaySymbol]();
    const svg = parseXML(bundle['image/svg+xml'] as string);
    const words = elementsOf(svg, 'text').map(textOf);
    expect(elementsOf(svg, 'rect')).toHaveLength(5);
    expect(words).toEqual(expect.arrayContaining(['input', 'conv', '3×3 · 40 params', '27,050 params · frozen']));
    expect(words.filter((word) => word.includes('×') && !word.includes('params'))).toEqual([
      '28 × 28 × 1',
      '26 × 26 × 4',
      '26 × 26 × 4',
    ]);
    expect(svg.attributes['aria-label']).toBe('Architecture of net <1>');
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

  test('is drawn for a model without layers too', () => {
    expect(elementsOf(parseXML(vis.modelDiagram({ name: 'm', layers: [] }).toSVG()), 'rect')).toEqual([]);
  });

  test('refuses an edge to a layer that does not come before', () => {
    const layers = [{ name: 'a', type: 'Dense', parameters: 0, inbound: ['b'] }];
    expect(() => vis.modelDiagram({ name: 'm', layers }).toSVG()).toThrow("layer 'a' takes the output of 'b'");
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
