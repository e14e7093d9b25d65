// How several vectors become one.

/** Their mean, the first one, the largest of each number; `none`: the model gives one vector. */
export type Pooling = 'mean' | 'cls' | 'max' | 'none';
