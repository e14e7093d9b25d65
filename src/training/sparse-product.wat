;; The product of a sparse matrix with a dense one on 128-bit vectors.
;; Assembled into sparse-product-binary.ts by `node scripts/build-kernels.mjs`. The same product in plain TypeScript is
;; sparse-product.ts. Each sum is taken in one fixed order: the same numbers on every machine.
(module
  (memory (export "memory") 0)

  ;; out + sparse · dense → out. $indptr, $indices: u32; $values: f32; $dense [columns, $stride], $out [$rows, $stride]: f32,
  ;; $stride in bytes, a multiple of 64.
  ;; At most 64 entries of a row are summed up before the sum is added to $out: rounding grows with 64 and the number of
  ;; such parts, not with the entries of a row.
  (func (export "addProduct")
    (param $rows i32) (param $indptr i32) (param $indices i32) (param $values i32)
    (param $dense i32) (param $out i32) (param $stride i32)
    (local $lastRow i32) (local $toValues i32) (local $entry i32) (local $end i32) (local $part i32) (local $column i32)
    (local.set $lastRow (i32.add (local.get $indptr) (i32.shl (local.get $rows) (i32.const 2))))
    (local.set $toValues (i32.sub (local.get $values) (local.get $indices)))
    (block $done
      (loop $nextRow
        (br_if $done (i32.ge_u (local.get $indptr) (local.get $lastRow)))
        (local.set $entry (i32.add (local.get $indices) (i32.shl (i32.load (local.get $indptr)) (i32.const 2))))
        (local.set $end (i32.add (local.get $indices) (i32.shl (i32.load offset=4 (local.get $indptr)) (i32.const 2))))
        (block $rowDone
          (loop $nextPart
            (br_if $rowDone (i32.ge_u (local.get $entry) (local.get $end)))
            (local.set $part (i32.add (local.get $entry) (i32.const 256)))
            (if (i32.gt_u (local.get $part) (local.get $end)) (then (local.set $part (local.get $end))))
            (local.set $column (i32.const 0))
            (loop $nextColumns
              (call $addSixteen
                (local.get $entry) (local.get $part) (local.get $toValues)
                (i32.add (local.get $dense) (local.get $column)) (local.get $stride)
                (i32.add (local.get $out) (local.get $column)))
              (local.set $column (i32.add (local.get $column) (i32.const 64)))
              (br_if $nextColumns (i32.lt_u (local.get $column) (local.get $stride))))
            (local.set $entry (local.get $part))
            (br $nextPart)))
        (local.set $out (i32.add (local.get $out) (local.get $stride)))
        (local.set $indptr (i32.add (local.get $indptr) (i32.const 4)))
        (br $nextRow))))

  ;; Sixteen columns of the entries whose indices are from $entry to before $end, one or more; $toValues from the index of
  ;; an entry to its value.
  (func $addSixteen
    (param $entry i32) (param $end i32) (param $toValues i32) (param $dense i32) (param $stride i32) (param $out i32)
    (local $from i32) (local $value v128)
    (local $sum0 v128) (local $sum1 v128) (local $sum2 v128) (local $sum3 v128)
    (loop $next
      (local.set $value (v128.load32_splat (i32.add (local.get $entry) (local.get $toValues))))
      (local.set $from (i32.add (local.get $dense) (i32.mul (i32.load (local.get $entry)) (local.get $stride))))
      (local.set $sum0
        (f32x4.add (local.get $sum0) (f32x4.mul (local.get $value) (v128.load (local.get $from)))))
      (local.set $sum1
        (f32x4.add (local.get $sum1) (f32x4.mul (local.get $value) (v128.load offset=16 (local.get $from)))))
      (local.set $sum2
        (f32x4.add (local.get $sum2) (f32x4.mul (local.get $value) (v128.load offset=32 (local.get $from)))))
      (local.set $sum3
        (f32x4.add (local.get $sum3) (f32x4.mul (local.get $value) (v128.load offset=48 (local.get $from)))))
      (local.set $entry (i32.add (local.get $entry) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $entry) (local.get $end))))
    (v128.store (local.get $out) (f32x4.add (v128.load (local.get $out)) (local.get $sum0)))
    (v128.store offset=16 (local.get $out) (f32x4.add (v128.load offset=16 (local.get $out)) (local.get $sum1)))
    (v128.store offset=32 (local.get $out) (f32x4.add (v128.load offset=32 (local.get $out)) (local.get $sum2)))
    (v128.store offset=48 (local.get $out) (f32x4.add (v128.load offset=48 (local.get $out)) (local.get $sum3))))
)
