/** @file The lowering of rows written, multiplied or compared into others. */
import { isFloating } from '../../../tensor/dtype.ts';
import { type Lowerings, onPlain } from '../lowering.ts';
import { arithmeticDType, cast } from './arithmetic.ts';

const reductions = { set: 'none', mul: 'mul', min: 'min', max: 'max' } as const;

export const mathematicsLowerings: Lowerings<'scatterReduce'> = {
  scatterReduce: onPlain('ranks', (b, [x, indices, updates], { inputs, params: { reduction } }) => {
    const { dtype } = inputs[0];
    const wide = reduction === 'set' ? dtype : arithmeticDType[dtype];
    const places = b.op('Unsqueeze', [cast(b, indices, 'int32', 'int64'), b.vector([1])]);
    const [into, rows] = [cast(b, x, dtype, wide), cast(b, updates, dtype, wide)];
    const joined = b.op('ScatterND', [into, places, rows], { reduction: reductions[reduction] });
    if (!isFloating(wide) || reduction === 'set' || reduction === 'mul') return cast(b, joined, wide, dtype);
    // An extremum drops NaN: places that meet one are counted beside it.
    const count = (name: string): string => cast(b, b.op('IsNaN', [name]), 'bool', 'float32');
    const met = b.op('ScatterND', [count(into), places, count(rows)], { reduction: 'add' });
    const isNaN = b.op('Less', [b.scalar('float32', 0), met]);
    return cast(b, b.op('Where', [isNaN, b.scalar(wide, NaN), joined]), wide, dtype);
  }),
};
