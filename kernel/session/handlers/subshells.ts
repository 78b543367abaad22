/** @file create_subshell, delete_subshell, list_subshell (JEP 91). */
import type { CreatePart } from '../part.ts';
import { field } from '../request.ts';

export const subshells: CreatePart = ({ shells, execution }) => ({
  control: {
    create_subshell_request: () => ({ status: 'ok', subshell_id: shells.create() }),
    list_subshell_request: () => ({ status: 'ok', subshell_id: shells.subshells }),
    delete_subshell_request: async (content) => {
      const id = field(content, 'subshell_id', 'string');
      shells.delete(id);
      // Its cell ends at its next await; a loop of another cell is none of its business.
      await execution.interrupt(id, { gentle: true });
      return { status: 'ok' };
    },
  },
});
