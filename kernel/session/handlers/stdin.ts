/** @file input_request: code in a cell asks the user, one question at a time, and is given the line that comes back. */
import { inputErrors, type InputQuestion } from '../../cell/stdin-questions.ts';
import type { CreatePart, SessionContext } from '../part.ts';
import { field, RequestError } from '../request.ts';

/** A question that is not answered yet. */
interface Pending {
  readonly question: InputQuestion;
  /** Token of the cell that asks. */
  readonly parent: string;
  readonly answer: (line: string) => void;
  readonly fail: (error: Error) => void;
  /** Id of the input_request, once it was sent. */
  messageId?: string;
}

const notAllowed = (caller: string, why: string): RequestError =>
  new RequestError(inputErrors.notAllowed, `${caller}() was called, but ${why}.`);

/** The questions of the cells, in the order in which they were asked; the first one is with the front end. */
class Questions {
  readonly #session: SessionContext;
  #pending: Pending[] = [];

  constructor(session: SessionContext) {
    this.#session = session;
    session.parents.onEnd((token) => this.cancel((pending) => pending.parent === token, 'before its cell ended'));
  }

  ask(question: InputQuestion, parent: string): Promise<string> {
    const { caller } = question;
    const asking = this.#session.parents.find(parent);
    if (asking !== undefined && asking.request === undefined)
      throw notAllowed(caller, 'it runs for a widget or comm, for which front ends show no field: ask in a cell');
    if (asking?.request === undefined || asking.isOver)
      throw notAllowed(caller, 'its cell is over, and nobody can be asked any more: ask before the cell ends');
    if (asking.request.message.content.allow_stdin === false)
      throw notAllowed(caller, 'this front end does not allow input (its request says allow_stdin: false)');
    return new Promise<string>((answer, fail) => {
      this.#pending.push({ question, parent, answer, fail });
      this.#sendFirst();
    });
  }

  /** A line came. Clients of old do not say for which request: then it is for the one that waits. */
  reply(line: string, to: string | undefined): void {
    const [first] = this.#pending;
    if (first === undefined || (to !== undefined && to !== first.messageId)) return;
    this.#pending.shift();
    first.answer(line);
    this.#sendFirst();
  }

  /** Takes questions back. A line that is typed for them is passed over. */
  cancel(isMeant: (pending: Pending) => boolean, when: string): void {
    const cancelled = this.#pending.filter(isMeant);
    if (cancelled.length === 0) return;
    this.#pending = this.#pending.filter((pending) => !cancelled.includes(pending));
    for (const { question, fail } of cancelled)
      fail(new RequestError(inputErrors.cancelled, `${question.caller}() was not answered ${when}.`));
    this.#sendFirst();
  }

  #sendFirst(): void {
    const [first] = this.#pending;
    if (first === undefined || first.messageId !== undefined) return;
    const { request } = this.#session.parents.find(first.parent)!;
    const { prompt, password } = first.question;
    // What was printed before the question is read before it.
    this.#session.outputs.flush();
    first.messageId = this.#session.send('stdin', 'input_request', { prompt, password }, request!);
  }
}

export const stdin: CreatePart = (session) => {
  const questions = new Questions(session);
  return {
    stdin: {
      input_reply: (content, { message }) =>
        questions.reply(field(content, 'value', 'string', ''), message.parent_header.msg_id),
    },
    interrupted: ({ cells }) => questions.cancel(({ parent }) => cells.has(parent), 'before the interrupt'),
    prepareCell: (host) => {
      host.onRequest('input', (question, parent) => questions.ask(question as InputQuestion, parent));
      host.onRequest('input:cancel', (id) =>
        questions.cancel(({ question }) => question.id === id, 'before it was taken back'),
      );
    },
  };
};
