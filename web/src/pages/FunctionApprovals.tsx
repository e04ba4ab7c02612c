import { ApprovalsView } from './ApprovalsView';
import { FunctionPage } from './useFunction';

export function Component() {
  return <FunctionPage>{(fn) => <ApprovalsView functionCode={fn.code} />}</FunctionPage>;
}
