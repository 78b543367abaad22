/** @file comm messages: no target is known, so whatever is opened is closed, as the specification asks. */
import type { CreatePart } from '../part.ts';
import { field } from '../request.ts';

export const comms: CreatePart = ({ iopub }) => ({
  shell: {
    comm_info_request: () => ({ status: 'ok', comms: {} }),
    comm_open: (content, { message }) => {
      const comm_id = field(content, 'comm_id', 'string');
      iopub.publish('comm_close', { comm_id, data: {} }, message.header);
    },
    comm_msg: () => {},
    comm_close: () => {},
  },
});
