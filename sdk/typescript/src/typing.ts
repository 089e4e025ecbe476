// From the generated types of the API to what `get`, `post` and `put` take and answer.

import type { paths } from './api.js';

type Prefix = '/partner/v1';
type Method = 'get' | 'post' | 'put';
type Short<P> = P extends `${Prefix}${infer Rest}` ? Rest : never;
type Operation<P extends keyof paths, M extends Method> = NonNullable<paths[P][M]>;
type Full<P extends string> = `${Prefix}${P}` extends keyof paths ? `${Prefix}${P}` : never;

/** The paths that know a method, without `/partner/v1`, as the API reference writes them: `/orders/{order_ref}`. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: undefined extends paths[P][M] ? never : Short<P>;
}[keyof paths];

type Named<T, K extends string> = T extends { [key in K]: infer V } ? V : unknown;
type JsonIn<T> = T extends { requestBody: { content: { 'application/json': infer B } } } ? B : undefined;
type Content<T> = T extends { content: infer C } ? (C extends Record<string, infer V> ? V : null) : null;
type Success<R> = { [K in keyof R]: K extends 200 | 201 | 202 ? Content<R[K]> : never }[keyof R];
type WithParams<T> = T extends { parameters: { path: infer V } } ? { params: V } : { params?: undefined };
type WithQuery<T> = T extends { parameters: { query?: infer V } } ? { query?: V } : { query?: undefined };

export type AnswerOf<P extends string, M extends Method> = Success<Named<Operation<Full<P>, M>, 'responses'>>;
export type BodyOf<P extends string, M extends Method> = JsonIn<Operation<Full<P>, M>>;
export type WishesOf<P extends string, M extends Method> = WithParams<Operation<Full<P>, M>> &
  WithQuery<Operation<Full<P>, M>> & { idempotencyKey?: string };
export type ItemOf<P extends string> = AnswerOf<P, 'get'> extends { items: (infer I)[] } ? I : unknown;
