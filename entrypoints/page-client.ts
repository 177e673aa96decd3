import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { equipAgent } from '@/lib/sdk/equip';

// Without `globalName: false` WXT would leave a global in the page.
export default defineUnlistedScript({ globalName: false, main: equipAgent });
