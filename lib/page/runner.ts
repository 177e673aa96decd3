/** Runs an SDK's operations as its dialect binds them, below our wrappers. */
import type { Binding, Path, Step } from '../sdk/dialects/dialect';
import type { OperationName } from '../sdk/operations';
import { apply } from './builtins';
import { keys } from './builtins-more';
import { given, type Values } from './call-arguments';
import type { Clock } from './clock';
import { forgetCookies } from './cookie-jar';
import type { Detected } from './detect';
import { type Invocation, invoke } from './invoke';
import { original } from './originals';
import { each, filter, map, some } from './own';
import { reach, read } from './path';
import { objectOf } from './values';

/** How long after its answer an operation reloads the page (ms): the answer must have left the page. */
const RELOAD_AFTER = 250;

export type Runnable = Exclude<Binding, { kind: 'unavailable' }>;

export interface Runner {
  /** Performs an operation by its binding. @param deadline how long to wait for the answer (ms) */
  call(binding: Runnable, args: Values, deadline: number, settle: Invocation['settle'], late?: Invocation['late']): void;
  /** Operations whose method this instance does not have. */
  missing(): readonly OperationName[];
}

export function createRunner({ client: sdk, dialect }: Detected, clock: Clock): Runner {
  const { bindings } = dialect;

  function call(binding: Runnable, args: Values, deadline: number, settle: Invocation['settle'], late?: Invocation['late']): void {
    if (binding.kind === 'native') {
      const { self, value } = reach(sdk, binding.method, original);
      const { convention } = binding;
      const passed = given(binding, args);
      const own = (one: unknown) => objectOf(one, dialect.getters);
      invoke({
        method: original(value),
        self,
        args: map(passed.args, own),
        named: objectOf(passed.named),
        convention,
        deadline,
        clock,
        settle,
        late,
      });
    } else {
      invoke({ method: () => perform(binding.steps, args), self: sdk, args: [], convention: 'sync', deadline, clock, settle, late });
    }
  }

  /** Performs the steps of an emulated operation, in order. Returns the answer of the last step that has one. */
  function perform(steps: readonly Step[], args: Values): unknown {
    let answer: unknown;
    each(steps, (step) => {
      switch (step.do) {
        case 'call': {
          const { self, value } = reach(sdk, step.method, original);
          if (value !== undefined || !step.optional)
            answer = apply(
              original(value) as () => unknown,
              self,
              map(step.args, (name) => args[name]),
            );
          break;
        }
        case 'answer':
          answer = read(sdk, step.value, original);
          break;
        case 'give':
          answer = args[step.arg];
          break;
        case 'forget':
          answer = forgetCookies(step.cookies);
          break;
        case 'reload':
          clock.set(() => {
            // The SDK may have written them again in the meantime.
            if (dialect.cookies) forgetCookies(dialect.cookies);
            location.reload();
          }, RELOAD_AFTER);
      }
    });
    return answer;
  }

  const lacks = (name: OperationName): boolean => {
    const binding = bindings[name];
    const absent = (method: Path) => typeof read(sdk, method) !== 'function';
    if (binding?.kind === 'emulated') return some(binding.steps, (step) => step.do === 'call' && !step.optional && absent(step.method));
    return binding?.kind === 'native' && absent(binding.method);
  };

  let missing = filter(keys(bindings) as OperationName[], (name) => lacks(name));

  return {
    call,
    // A missing method may be added later; one that is removed later is noticed when it is called.
    missing() {
      missing = filter(missing, (name) => lacks(name));
      return missing;
    },
  };
}
