import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { installAgent } from '@/lib/sdk/agent';

// Without `globalName: false` WXT would leave a global in the page.
export default defineUnlistedScript({ globalName: false, main: installAgent });
