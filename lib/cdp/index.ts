/** What the command line uses of this room. */
export { type Connected, type ConnectOptions, connect } from './connect';
export { EndpointError } from './endpoint';
