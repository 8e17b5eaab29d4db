export { freePort } from '../system/process/free-port.ts';
export * from './broker/certificate.ts';
export * from './broker/redis-cluster.ts';
export * from './broker/redis-sentinel.ts';
export * from './broker/redis-server.ts';
export * from './broker/tcp-proxy.ts';
export * from './bus-under-test.ts';
export * from './describe-bus.ts';
export { numbers, Peer } from './peer.ts';
