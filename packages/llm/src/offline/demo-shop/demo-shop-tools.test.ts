import { expect, test } from 'vitest';
import { z } from 'zod';
import { demoShopTools } from './demo-shop-tools.ts';
import { demoOrders } from './shop-data.ts';

const tool = (name: string) => {
  const found = demoShopTools.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no tool ${name}`);
  return found;
};

test('every tool can be described to a model', () => {
  for (const { name, description, parameters } of demoShopTools) {
    expect(name).toMatch(/^[a-z_]+$/);
    expect(description.length).toBeGreaterThan(20);
    expect(z.toJSONSchema(parameters)).toMatchObject({ type: 'object' });
  }
});

test('orders are found, and what is not there is not', () => {
  for (const order of demoOrders) {
    expect(tool('look_up_order').execute({ orderNumber: order.orderNumber })).toMatchObject(order);
  }
  expect(tool('look_up_order').execute({ orderNumber: '0000' })).toEqual({
    found: false,
    orderNumber: '0000',
  });
  expect(() => tool('look_up_order').execute({ orderNumber: '12' })).toThrow();
});

test('only what has not been sent is cancelled, only what has arrived is returned', () => {
  const cancel = (orderNumber: string) => tool('cancel_order').execute({ orderNumber });
  expect(cancel('1055')).toMatchObject({ cancelled: true });
  expect(cancel('4271')).toMatchObject({ cancelled: false, status: 'on its way' });
  const back = (orderNumber: string) =>
    tool('start_return').execute({ orderNumber, kind: 'return' });
  expect(back('2813')).toMatchObject({ started: true, returnNumber: 'R2813' });
  expect(back('1055')).toMatchObject({ started: false });
});
