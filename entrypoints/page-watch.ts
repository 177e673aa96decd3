import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { watchPage } from '@/lib/sdk/watch';

// Without `globalName: false` WXT would leave a global in the page.
export default defineUnlistedScript({ globalName: false, main: watchPage });
