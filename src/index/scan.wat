;; Scans over the rows of codes on 128-bit vectors: distances and products are compared with a bound as they are made, and only
;; the rows that reach it are written down.
;; Assembled into scan-binary.ts by `node scripts/build-kernels.mjs`. The same sums in plain TypeScript are hamming.ts,
;; exact.ts, sign-bits.ts and quantize.ts: equal to the last bit, each taken in one fixed order.
;;
;; Every scan has the parameters $codes (address of row 0), $row (the first to look at), $end (behind the last), $query, what
;; tells the length of a row, the bound, and $out; it returns the row to go on with, $end when it is through. $out: u32 how
;; many rows were written, 12 bytes unused, 16 bytes for the scan itself, then for each row its number (u32) and its distance
;; (u32) or score (f32). A scan stops when 1,024 rows are written, up to 15 more may follow. Memory behind the last row is
;; read, 15 rows far at most, and what lies there is ignored.
(module
  (memory (import "codes" "memory") 1 65536 shared)

  (func $lesser (param $a i32) (param $b i32) (result i32)
    (select (local.get $a) (local.get $b) (i32.lt_u (local.get $a) (local.get $b))))

  (func $keep (param $out i32) (param $row i32) (param $value i32)
    (local $at i32)
    (local.set $at
      (i32.add (local.get $out) (i32.shl (i32.load (local.get $out)) (i32.const 3))))
    (i32.store offset=32 (local.get $at) (local.get $row))
    (i32.store offset=36 (local.get $at) (local.get $value))
    (i32.store (local.get $out) (i32.add (i32.load (local.get $out)) (i32.const 1))))

  ;; Of sixteen rows from $row on with distances in $distances, those that have a bit in $mask and come before $end.
  (func $keepBytes (param $out i32) (param $row i32) (param $end i32) (param $mask i32) (param $distances v128)
    (local $lane i32)
    (v128.store offset=16 (local.get $out) (local.get $distances))
    (loop $next
      (local.set $lane (i32.ctz (local.get $mask)))
      (if (i32.ge_u (i32.add (local.get $row) (local.get $lane)) (local.get $end)) (then (return)))
      (call $keep (local.get $out) (i32.add (local.get $row) (local.get $lane))
        (i32.load8_u offset=16 (i32.add (local.get $out) (local.get $lane))))
      (local.set $mask (i32.and (local.get $mask) (i32.sub (local.get $mask) (i32.const 1))))
      (br_if $next (local.get $mask))))

  ;; The same of four rows with scores of 32 bits.
  (func $keepFloats (param $out i32) (param $row i32) (param $end i32) (param $mask i32) (param $scores v128)
    (local $lane i32)
    (v128.store offset=16 (local.get $out) (local.get $scores))
    (loop $next
      (local.set $lane (i32.ctz (local.get $mask)))
      (if (i32.ge_u (i32.add (local.get $row) (local.get $lane)) (local.get $end)) (then (return)))
      (call $keep (local.get $out) (i32.add (local.get $row) (local.get $lane))
        (i32.load offset=16 (i32.add (local.get $out) (i32.shl (local.get $lane) (i32.const 2)))))
      (local.set $mask (i32.and (local.get $mask) (i32.sub (local.get $mask) (i32.const 1))))
      (br_if $next (local.get $mask))))

  ;; Rows of 8 bytes that differ from $query in at most $most bits, 255 or less. Counts of two bytes, of four, of eight are
  ;; added up for two vectors at a time, so that sixteen rows end in one vector, in their order.
  (func (export "hamming64")
    (param $codes i32) (param $row i32) (param $end i32) (param $query i32) (param $most i32) (param $out i32) (result i32)
    (local $at i32) (local $mask i32) (local $q v128) (local $bound v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (i32.store (local.get $out) (i32.const 0))
    (local.set $q (v128.load64_splat (local.get $query)))
    (local.set $bound (i8x16.splat (local.get $most)))
    (local.set $at (i32.add (local.get $codes) (i32.shl (local.get $row) (i32.const 3))))
    (loop $next
      (if (i32.lt_u (local.get $row) (local.get $end)) (then
        (local.set $a (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (i8x16.popcnt (v128.xor (local.get $q) (v128.load (local.get $at)))))
          (i16x8.extadd_pairwise_i8x16_u (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=16 (local.get $at)))))))
        (local.set $b (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=32 (local.get $at)))))
          (i16x8.extadd_pairwise_i8x16_u (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=48 (local.get $at)))))))
        (local.set $a (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (local.get $a))
          (i16x8.extadd_pairwise_i8x16_u (local.get $b))))
        (local.set $b (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=64 (local.get $at)))))
          (i16x8.extadd_pairwise_i8x16_u (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=80 (local.get $at)))))))
        (local.set $c (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=96 (local.get $at)))))
          (i16x8.extadd_pairwise_i8x16_u (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=112 (local.get $at)))))))
        (local.set $b (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (local.get $b))
          (i16x8.extadd_pairwise_i8x16_u (local.get $c))))
        (local.set $a (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (local.get $a))
          (i16x8.extadd_pairwise_i8x16_u (local.get $b))))
        (local.set $mask (i8x16.bitmask (i8x16.le_u (local.get $a) (local.get $bound))))
        (if (local.get $mask)
          (then (call $keepBytes (local.get $out) (local.get $row) (local.get $end) (local.get $mask) (local.get $a))))
        (local.set $at (i32.add (local.get $at) (i32.const 128)))
        (local.set $row (i32.add (local.get $row) (i32.const 16)))
        (br_if $next (i32.lt_u (i32.load (local.get $out)) (i32.const 1024))))))
    (call $lesser (local.get $row) (local.get $end)))

  ;; Rows of 16 bytes in the same way.
  (func (export "hamming128")
    (param $codes i32) (param $row i32) (param $end i32) (param $query i32) (param $most i32) (param $out i32) (result i32)
    (local $at i32) (local $mask i32) (local $q v128) (local $bound v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (i32.store (local.get $out) (i32.const 0))
    (local.set $q (v128.load (local.get $query)))
    (local.set $bound (i8x16.splat (local.get $most)))
    (local.set $at (i32.add (local.get $codes) (i32.shl (local.get $row) (i32.const 4))))
    (loop $next
      (if (i32.lt_u (local.get $row) (local.get $end)) (then
        (local.set $a (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (i8x16.popcnt (v128.xor (local.get $q) (v128.load (local.get $at)))))
          (i16x8.extadd_pairwise_i8x16_u (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=16 (local.get $at)))))))
        (local.set $b (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=32 (local.get $at)))))
          (i16x8.extadd_pairwise_i8x16_u (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=48 (local.get $at)))))))
        (local.set $a (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (local.get $a))
          (i16x8.extadd_pairwise_i8x16_u (local.get $b))))
        (local.set $b (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=64 (local.get $at)))))
          (i16x8.extadd_pairwise_i8x16_u (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=80 (local.get $at)))))))
        (local.set $c (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=96 (local.get $at)))))
          (i16x8.extadd_pairwise_i8x16_u (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=112 (local.get $at)))))))
        (local.set $b (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (local.get $b))
          (i16x8.extadd_pairwise_i8x16_u (local.get $c))))
        (local.set $a (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (local.get $a))
          (i16x8.extadd_pairwise_i8x16_u (local.get $b))))
        (local.set $b (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=128 (local.get $at)))))
          (i16x8.extadd_pairwise_i8x16_u (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=144 (local.get $at)))))))
        (local.set $c (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=160 (local.get $at)))))
          (i16x8.extadd_pairwise_i8x16_u (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=176 (local.get $at)))))))
        (local.set $b (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (local.get $b))
          (i16x8.extadd_pairwise_i8x16_u (local.get $c))))
        (local.set $c (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=192 (local.get $at)))))
          (i16x8.extadd_pairwise_i8x16_u (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=208 (local.get $at)))))))
        (local.set $d (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=224 (local.get $at)))))
          (i16x8.extadd_pairwise_i8x16_u (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=240 (local.get $at)))))))
        (local.set $c (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (local.get $c))
          (i16x8.extadd_pairwise_i8x16_u (local.get $d))))
        (local.set $b (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (local.get $b))
          (i16x8.extadd_pairwise_i8x16_u (local.get $c))))
        (local.set $a (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (local.get $a))
          (i16x8.extadd_pairwise_i8x16_u (local.get $b))))
        (local.set $mask (i8x16.bitmask (i8x16.le_u (local.get $a) (local.get $bound))))
        (if (local.get $mask)
          (then (call $keepBytes (local.get $out) (local.get $row) (local.get $end) (local.get $mask) (local.get $a))))
        (local.set $at (i32.add (local.get $at) (i32.const 256)))
        (local.set $row (i32.add (local.get $row) (i32.const 16)))
        (br_if $next (i32.lt_u (i32.load (local.get $out)) (i32.const 1024))))))
    (call $lesser (local.get $row) (local.get $end)))

  ;; Rows of 32 bytes in the same way. A byte has no 256: 255 is written for rows that differ in 255 bits or all.
  (func (export "hamming256")
    (param $codes i32) (param $row i32) (param $end i32) (param $query i32) (param $most i32) (param $out i32) (result i32)
    (local $at i32) (local $mask i32) (local $q v128) (local $r v128) (local $bound v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (i32.store (local.get $out) (i32.const 0))
    (local.set $q (v128.load (local.get $query)))
    (local.set $r (v128.load offset=16 (local.get $query)))
    (local.set $bound (i8x16.splat (local.get $most)))
    (local.set $at (i32.add (local.get $codes) (i32.shl (local.get $row) (i32.const 5))))
    (loop $next
      (if (i32.lt_u (local.get $row) (local.get $end)) (then
        (local.set $a (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (i8x16.add
            (i8x16.popcnt (v128.xor (local.get $q) (v128.load (local.get $at))))
            (i8x16.popcnt (v128.xor (local.get $r) (v128.load offset=16 (local.get $at))))))
          (i16x8.extadd_pairwise_i8x16_u (i8x16.add
            (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=32 (local.get $at))))
            (i8x16.popcnt (v128.xor (local.get $r) (v128.load offset=48 (local.get $at))))))))
        (local.set $b (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (i8x16.add
            (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=64 (local.get $at))))
            (i8x16.popcnt (v128.xor (local.get $r) (v128.load offset=80 (local.get $at))))))
          (i16x8.extadd_pairwise_i8x16_u (i8x16.add
            (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=96 (local.get $at))))
            (i8x16.popcnt (v128.xor (local.get $r) (v128.load offset=112 (local.get $at))))))))
        (local.set $a (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (local.get $a))
          (i16x8.extadd_pairwise_i8x16_u (local.get $b))))
        (local.set $b (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (i8x16.add
            (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=128 (local.get $at))))
            (i8x16.popcnt (v128.xor (local.get $r) (v128.load offset=144 (local.get $at))))))
          (i16x8.extadd_pairwise_i8x16_u (i8x16.add
            (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=160 (local.get $at))))
            (i8x16.popcnt (v128.xor (local.get $r) (v128.load offset=176 (local.get $at))))))))
        (local.set $c (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (i8x16.add
            (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=192 (local.get $at))))
            (i8x16.popcnt (v128.xor (local.get $r) (v128.load offset=208 (local.get $at))))))
          (i16x8.extadd_pairwise_i8x16_u (i8x16.add
            (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=224 (local.get $at))))
            (i8x16.popcnt (v128.xor (local.get $r) (v128.load offset=240 (local.get $at))))))))
        (local.set $b (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (local.get $b))
          (i16x8.extadd_pairwise_i8x16_u (local.get $c))))
        (local.set $a (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (local.get $a))
          (i16x8.extadd_pairwise_i8x16_u (local.get $b))))
        (local.set $b (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (i8x16.add
            (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=256 (local.get $at))))
            (i8x16.popcnt (v128.xor (local.get $r) (v128.load offset=272 (local.get $at))))))
          (i16x8.extadd_pairwise_i8x16_u (i8x16.add
            (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=288 (local.get $at))))
            (i8x16.popcnt (v128.xor (local.get $r) (v128.load offset=304 (local.get $at))))))))
        (local.set $c (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (i8x16.add
            (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=320 (local.get $at))))
            (i8x16.popcnt (v128.xor (local.get $r) (v128.load offset=336 (local.get $at))))))
          (i16x8.extadd_pairwise_i8x16_u (i8x16.add
            (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=352 (local.get $at))))
            (i8x16.popcnt (v128.xor (local.get $r) (v128.load offset=368 (local.get $at))))))))
        (local.set $b (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (local.get $b))
          (i16x8.extadd_pairwise_i8x16_u (local.get $c))))
        (local.set $c (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (i8x16.add
            (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=384 (local.get $at))))
            (i8x16.popcnt (v128.xor (local.get $r) (v128.load offset=400 (local.get $at))))))
          (i16x8.extadd_pairwise_i8x16_u (i8x16.add
            (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=416 (local.get $at))))
            (i8x16.popcnt (v128.xor (local.get $r) (v128.load offset=432 (local.get $at))))))))
        (local.set $d (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (i8x16.add
            (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=448 (local.get $at))))
            (i8x16.popcnt (v128.xor (local.get $r) (v128.load offset=464 (local.get $at))))))
          (i16x8.extadd_pairwise_i8x16_u (i8x16.add
            (i8x16.popcnt (v128.xor (local.get $q) (v128.load offset=480 (local.get $at))))
            (i8x16.popcnt (v128.xor (local.get $r) (v128.load offset=496 (local.get $at))))))))
        (local.set $c (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (local.get $c))
          (i16x8.extadd_pairwise_i8x16_u (local.get $d))))
        (local.set $b (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (local.get $b))
          (i16x8.extadd_pairwise_i8x16_u (local.get $c))))
        (local.set $a (i8x16.narrow_i16x8_u
          (i16x8.extadd_pairwise_i8x16_u (local.get $a))
          (i16x8.extadd_pairwise_i8x16_u (local.get $b))))
        (local.set $mask (i8x16.bitmask (i8x16.le_u (local.get $a) (local.get $bound))))
        (if (local.get $mask)
          (then (call $keepBytes (local.get $out) (local.get $row) (local.get $end) (local.get $mask) (local.get $a))))
        (local.set $at (i32.add (local.get $at) (i32.const 512)))
        (local.set $row (i32.add (local.get $row) (i32.const 16)))
        (br_if $next (i32.lt_u (i32.load (local.get $out)) (i32.const 1024))))))
    (call $lesser (local.get $row) (local.get $end)))

  ;; Rows of any length in bytes: $whole, a multiple of 16, and after these the bytes that are set in the mask of 16 bytes that
  ;; lies behind the query, which is filled up with zeros to a multiple of 16. $stride from row to row.
  (func (export "hammingAny")
    (param $codes i32) (param $row i32) (param $end i32) (param $query i32) (param $stride i32) (param $whole i32)
    (param $most i32) (param $out i32) (result i32)
    (local $at i32) (local $from i32) (local $distance i32) (local $mask v128) (local $rest v128) (local $sum v128)
    (i32.store (local.get $out) (i32.const 0))
    (local.set $rest (v128.load (i32.add (local.get $query) (local.get $whole))))
    (local.set $mask (v128.load offset=16 (i32.add (local.get $query) (local.get $whole))))
    (local.set $from (i32.add (local.get $codes) (i32.mul (local.get $row) (local.get $stride))))
    (loop $next
      (if (i32.lt_u (local.get $row) (local.get $end)) (then
        (local.set $sum
          (i16x8.extadd_pairwise_i8x16_u
            (i8x16.popcnt
              (v128.and
                (local.get $mask)
                (v128.xor (local.get $rest) (v128.load (i32.add (local.get $from) (local.get $whole))))))))
        (local.set $at (i32.const 0))
        (block $summed
          (loop $bytes
            (br_if $summed (i32.ge_u (local.get $at) (local.get $whole)))
            (local.set $sum
              (i16x8.add
                (local.get $sum)
                (i16x8.extadd_pairwise_i8x16_u
                  (i8x16.popcnt
                    (v128.xor
                      (v128.load (i32.add (local.get $query) (local.get $at)))
                      (v128.load (i32.add (local.get $from) (local.get $at))))))))
            (local.set $at (i32.add (local.get $at) (i32.const 16)))
            (br $bytes)))
        (local.set $distance (call $total (i32x4.extadd_pairwise_i16x8_u (local.get $sum))))
        (if (i32.le_u (local.get $distance) (local.get $most))
          (then (call $keep (local.get $out) (local.get $row) (local.get $distance))))
        (local.set $from (i32.add (local.get $from) (local.get $stride)))
        (local.set $row (i32.add (local.get $row) (i32.const 1)))
        (br_if $next (i32.lt_u (i32.load (local.get $out)) (i32.const 1024))))))
    (local.get $row))

  (func $total (param $sum v128) (result i32)
    (i32.add
      (i32.add (i32x4.extract_lane 0 (local.get $sum)) (i32x4.extract_lane 1 (local.get $sum)))
      (i32.add (i32x4.extract_lane 2 (local.get $sum)) (i32x4.extract_lane 3 (local.get $sum)))))

  ;; The products of four rows of f32 with $query. Of each row eight sums: number i adds to sum i mod 8; then sum i and i + 4,
  ;; then ((0 + 2) + (1 + 3)). $whole: the bytes of as many numbers as are a multiple of eight; those after them are masked
  ;; by the 32 bytes behind the query, which is filled up with zeros to a multiple of eight numbers.
  (func $dotFour (param $from i32) (param $stride i32) (param $query i32) (param $whole i32) (param $hasRest i32) (result v128)
    (local $b i32) (local $c i32)
    (local.set $b (i32.add (local.get $from) (local.get $stride)))
    (local.set $c (i32.add (local.get $b) (local.get $stride)))
    (call $sumFour
      (call $sums (local.get $from) (local.get $query) (local.get $whole) (local.get $hasRest))
      (call $sums (local.get $b) (local.get $query) (local.get $whole) (local.get $hasRest))
      (call $sums (local.get $c) (local.get $query) (local.get $whole) (local.get $hasRest))
      (call $sums
        (i32.add (local.get $c) (local.get $stride)) (local.get $query) (local.get $whole) (local.get $hasRest))))

  ;; The sums i and i + 4 of one row. Two or four rows side by side take three times as long from 120 numbers on: the
  ;; processor does not foresee what is read next.
  (func $sums (param $from i32) (param $query i32) (param $whole i32) (param $hasRest i32) (result v128)
    (local $last i32) (local $low v128) (local $high v128)
    (local.set $last (i32.add (local.get $query) (local.get $whole)))
    (block $summed
      (loop $numbers
        (br_if $summed (i32.ge_u (local.get $query) (local.get $last)))
        (local.set $low
          (f32x4.add (local.get $low) (f32x4.mul (v128.load (local.get $query)) (v128.load (local.get $from)))))
        (local.set $high
          (f32x4.add
            (local.get $high)
            (f32x4.mul (v128.load offset=16 (local.get $query)) (v128.load offset=16 (local.get $from)))))
        (local.set $from (i32.add (local.get $from) (i32.const 32)))
        (local.set $query (i32.add (local.get $query) (i32.const 32)))
        (br $numbers)))
    (if (local.get $hasRest) (then
      (local.set $low
        (f32x4.add
          (local.get $low)
          (f32x4.mul
            (v128.load (local.get $query))
            (v128.and (v128.load offset=32 (local.get $query)) (v128.load (local.get $from))))))
      (local.set $high
        (f32x4.add
          (local.get $high)
          (f32x4.mul
            (v128.load offset=16 (local.get $query))
            (v128.and (v128.load offset=48 (local.get $query)) (v128.load offset=16 (local.get $from))))))))
    (f32x4.add (local.get $low) (local.get $high)))

  ;; For each of four vectors (0 + 2) + (1 + 3).
  (func $sumFour (param $a v128) (param $b v128) (param $c v128) (param $d v128) (result v128)
    (local $ab v128) (local $cd v128)
    (local.set $ab
      (f32x4.add
        (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $a) (local.get $b))
        (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $a) (local.get $b))))
    (local.set $cd
      (f32x4.add
        (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $c) (local.get $d))
        (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $c) (local.get $d))))
    (f32x4.add
      (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $ab) (local.get $cd))
      (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $ab) (local.get $cd))))

  ;; Rows of f32 whose product with $query is $least or more; none whose product is NaN. See $dotFour for the rest.
  (func (export "dot")
    (param $codes i32) (param $row i32) (param $end i32) (param $query i32) (param $stride i32) (param $whole i32)
    (param $least f32) (param $out i32) (result i32)
    (local $from i32) (local $mask i32) (local $hasRest i32) (local $scores v128) (local $bound v128)
    (i32.store (local.get $out) (i32.const 0))
    (local.set $bound (f32x4.splat (local.get $least)))
    (local.set $hasRest (i32.ne (local.get $stride) (local.get $whole)))
    (local.set $from (i32.add (local.get $codes) (i32.mul (local.get $row) (local.get $stride))))
    (loop $next
      (if (i32.lt_u (local.get $row) (local.get $end)) (then
        (local.set $scores
          (call $dotFour
            (local.get $from) (local.get $stride) (local.get $query) (local.get $whole) (local.get $hasRest)))
        (local.set $mask (i32x4.bitmask (f32x4.ge (local.get $scores) (local.get $bound))))
        (if (local.get $mask)
          (then
            (call $keepFloats
              (local.get $out) (local.get $row) (local.get $end) (local.get $mask) (local.get $scores))))
        (local.set $from (i32.add (local.get $from) (i32.shl (local.get $stride) (i32.const 2))))
        (local.set $row (i32.add (local.get $row) (i32.const 4)))
        (br_if $next (i32.lt_u (i32.load (local.get $out)) (i32.const 1024))))))
    (call $lesser (local.get $row) (local.get $end)))

  ;; The product of every row from $row to before $end with $query, as f32 from $out on; up to three more may be written.
  (func (export "dotAll")
    (param $codes i32) (param $row i32) (param $end i32) (param $query i32) (param $stride i32) (param $whole i32) (param $out i32)
    (local $from i32) (local $hasRest i32)
    (local.set $hasRest (i32.ne (local.get $stride) (local.get $whole)))
    (local.set $from (i32.add (local.get $codes) (i32.mul (local.get $row) (local.get $stride))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $row) (local.get $end)))
        (v128.store (local.get $out)
          (call $dotFour
            (local.get $from) (local.get $stride) (local.get $query) (local.get $whole) (local.get $hasRest)))
        (local.set $from (i32.add (local.get $from) (i32.shl (local.get $stride) (i32.const 2))))
        (local.set $out (i32.add (local.get $out) (i32.const 16)))
        (local.set $row (i32.add (local.get $row) (i32.const 4)))
        (br $next))))

  ;; Rows of f16 in the same way, and with the same sums. Each number is widened without loss: its sign stays where it is, exponent
  ;; and fraction move to their places in f32, and 2^112 makes up for the difference of the two exponents, also for numbers below
  ;; the least normal one. Infinities and NaN, which packing never makes, come out as finite numbers. $stride in bytes of f16,
  ;; $whole the bytes of f32 in the query; rows are masked as f32 are.
  (func (export "dotHalf")
    (param $codes i32) (param $row i32) (param $end i32) (param $query i32) (param $stride i32) (param $whole i32)
    (param $least f32) (param $out i32) (result i32)
    (local $from i32) (local $at i32) (local $q i32) (local $last i32) (local $score f32)
    (local $s0 v128) (local $s1 v128) (local $kept v128) (local $scale v128)
    (i32.store (local.get $out) (i32.const 0))
    (local.set $kept (v128.const i32x4 0x8fffe000 0x8fffe000 0x8fffe000 0x8fffe000))
    (local.set $scale (v128.const f32x4 0x1p112 0x1p112 0x1p112 0x1p112))
    (local.set $last (i32.add (local.get $query) (local.get $whole)))
    (local.set $from (i32.add (local.get $codes) (i32.mul (local.get $row) (local.get $stride))))
    (loop $next
      (if (i32.lt_u (local.get $row) (local.get $end)) (then
        (local.set $s0 (v128.const f32x4 0 0 0 0))
        (local.set $s1 (v128.const f32x4 0 0 0 0))
        (local.set $at (local.get $from))
        (local.set $q (local.get $query))
        (block $summed
          (loop $numbers
            (br_if $summed (i32.ge_u (local.get $q) (local.get $last)))
            (local.set $s0
              (f32x4.add
                (local.get $s0)
                (f32x4.mul (v128.load (local.get $q)) (f32x4.mul
                    (v128.and (i32x4.shl (v128.load16x4_s (local.get $at)) (i32.const 13)) (local.get $kept))
                    (local.get $scale)))))
            (local.set $s1
              (f32x4.add
                (local.get $s1)
                (f32x4.mul (v128.load offset=16 (local.get $q)) (f32x4.mul
                    (v128.and (i32x4.shl (v128.load16x4_s offset=8 (local.get $at)) (i32.const 13)) (local.get $kept))
                    (local.get $scale)))))
            (local.set $at (i32.add (local.get $at) (i32.const 16)))
            (local.set $q (i32.add (local.get $q) (i32.const 32)))
            (br $numbers)))
        (if (i32.ne (local.get $stride) (i32.shr_u (local.get $whole) (i32.const 1))) (then
          (local.set $s0
            (f32x4.add
              (local.get $s0)
              (f32x4.mul
                (v128.load (local.get $q))
                (v128.and (v128.load offset=32 (local.get $q)) (f32x4.mul
                    (v128.and (i32x4.shl (v128.load16x4_s (local.get $at)) (i32.const 13)) (local.get $kept))
                    (local.get $scale))))))
          (local.set $s1
            (f32x4.add
              (local.get $s1)
              (f32x4.mul
                (v128.load offset=16 (local.get $q))
                (v128.and (v128.load offset=48 (local.get $q)) (f32x4.mul
                    (v128.and (i32x4.shl (v128.load16x4_s offset=8 (local.get $at)) (i32.const 13)) (local.get $kept))
                    (local.get $scale))))))))
        (local.set $s0 (f32x4.add (local.get $s0) (local.get $s1)))
        (local.set $score
          (f32.add
            (f32.add (f32x4.extract_lane 0 (local.get $s0)) (f32x4.extract_lane 2 (local.get $s0)))
            (f32.add (f32x4.extract_lane 1 (local.get $s0)) (f32x4.extract_lane 3 (local.get $s0)))))
        (if (f32.ge (local.get $score) (local.get $least))
          (then (call $keep (local.get $out) (local.get $row) (i32.reinterpret_f32 (local.get $score)))))
        (local.set $from (i32.add (local.get $from) (local.get $stride)))
        (local.set $row (i32.add (local.get $row) (i32.const 1)))
        (br_if $next (i32.lt_u (i32.load (local.get $out)) (i32.const 1024))))))
    (local.get $row))

  ;; Rows of one f32, the size of a step, and then whole numbers of 8 bits, whose product with $query is $least or more. The
  ;; query has whole numbers of 16 bits, filled up with zeros to a multiple of eight, and $step, the size of its own steps.
  ;; Score: (row's step · product) · $step. $whole: as many of a row's numbers as are a multiple of eight. What lies behind a
  ;; row meets zeros of the query. Sums of 32 bits must be enough.
  (func (export "dotBytes")
    (param $codes i32) (param $row i32) (param $end i32) (param $query i32) (param $stride i32) (param $whole i32)
    (param $step f32) (param $least f32) (param $out i32) (result i32)
    (local $from i32) (local $at i32) (local $q i32) (local $last i32) (local $score f32) (local $sum v128)
    (i32.store (local.get $out) (i32.const 0))
    (local.set $last (i32.add (local.get $query) (i32.shl (local.get $whole) (i32.const 1))))
    (local.set $from (i32.add (local.get $codes) (i32.mul (local.get $row) (local.get $stride))))
    (loop $next
      (if (i32.lt_u (local.get $row) (local.get $end)) (then
        (local.set $at (i32.add (local.get $from) (i32.const 4)))
        (local.set $q (local.get $query))
        (local.set $sum (v128.const i32x4 0 0 0 0))
        (block $summed
          (loop $numbers
            (br_if $summed (i32.ge_u (local.get $q) (local.get $last)))
            (local.set $sum
              (i32x4.add
                (local.get $sum)
                (i32x4.dot_i16x8_s (v128.load (local.get $q)) (v128.load8x8_s (local.get $at)))))
            (local.set $at (i32.add (local.get $at) (i32.const 8)))
            (local.set $q (i32.add (local.get $q) (i32.const 16)))
            (br $numbers)))
        (if (i32.ne (local.get $stride) (i32.add (local.get $whole) (i32.const 4)))
          (then
            (local.set $sum
              (i32x4.add
                (local.get $sum)
                (i32x4.dot_i16x8_s (v128.load (local.get $q)) (v128.load8x8_s (local.get $at)))))))
        (local.set $score
          (f32.mul
            (f32.mul (f32.load (local.get $from)) (f32.convert_i32_s (call $total (local.get $sum))))
            (local.get $step)))
        (if (f32.ge (local.get $score) (local.get $least))
          (then (call $keep (local.get $out) (local.get $row) (i32.reinterpret_f32 (local.get $score)))))
        (local.set $from (i32.add (local.get $from) (local.get $stride)))
        (local.set $row (i32.add (local.get $row) (i32.const 1)))
        (br_if $next (i32.lt_u (i32.load (local.get $out)) (i32.const 1024))))))
    (local.get $row))

  ;; Rows of $stride bytes; $query: for each byte of a row a table of 256 f64, what each of its values adds to the score. Scores
  ;; are brought between -1 and 1 and rounded to f32; rows of zeros, of which nothing is known, score 0. Four rows at a time,
  ;; because each sum waits for itself.
  (func (export "signs")
    (param $codes i32) (param $row i32) (param $end i32) (param $query i32) (param $stride i32) (param $least f32) (param $out i32)
    (result i32)
    (local $from i32) (local $at i32) (local $table i32) (local $last i32) (local $mask i32) (local $scores v128)
    (local $b i32) (local $c i32) (local $d i32)
    (local $byteA i32) (local $byteB i32) (local $byteC i32) (local $byteD i32)
    (local $anyA i32) (local $anyB i32) (local $anyC i32) (local $anyD i32)
    (local $sumA f64) (local $sumB f64) (local $sumC f64) (local $sumD f64)
    (i32.store (local.get $out) (i32.const 0))
    (local.set $from (i32.add (local.get $codes) (i32.mul (local.get $row) (local.get $stride))))
    (local.set $b (local.get $stride))
    (local.set $c (i32.add (local.get $b) (local.get $stride)))
    (local.set $d (i32.add (local.get $c) (local.get $stride)))
    (loop $next
      (if (i32.lt_u (local.get $row) (local.get $end)) (then
        (local.set $sumA (f64.const 0)) (local.set $anyA (i32.const 0))
        (local.set $sumB (f64.const 0)) (local.set $anyB (i32.const 0))
        (local.set $sumC (f64.const 0)) (local.set $anyC (i32.const 0))
        (local.set $sumD (f64.const 0)) (local.set $anyD (i32.const 0))
        (local.set $at (local.get $from))
        (local.set $last (i32.add (local.get $from) (local.get $stride)))
        (local.set $table (local.get $query))
        (loop $bytes
          (local.set $byteA (i32.load8_u (local.get $at)))
          (local.set $byteB (i32.load8_u (i32.add (local.get $at) (local.get $b))))
          (local.set $byteC (i32.load8_u (i32.add (local.get $at) (local.get $c))))
          (local.set $byteD (i32.load8_u (i32.add (local.get $at) (local.get $d))))
          (local.set $anyA (i32.or (local.get $anyA) (local.get $byteA)))
          (local.set $anyB (i32.or (local.get $anyB) (local.get $byteB)))
          (local.set $anyC (i32.or (local.get $anyC) (local.get $byteC)))
          (local.set $anyD (i32.or (local.get $anyD) (local.get $byteD)))
          (local.set $sumA
            (f64.add
              (local.get $sumA)
              (f64.load (i32.add (local.get $table) (i32.shl (local.get $byteA) (i32.const 3))))))
          (local.set $sumB
            (f64.add
              (local.get $sumB)
              (f64.load (i32.add (local.get $table) (i32.shl (local.get $byteB) (i32.const 3))))))
          (local.set $sumC
            (f64.add
              (local.get $sumC)
              (f64.load (i32.add (local.get $table) (i32.shl (local.get $byteC) (i32.const 3))))))
          (local.set $sumD
            (f64.add
              (local.get $sumD)
              (f64.load (i32.add (local.get $table) (i32.shl (local.get $byteD) (i32.const 3))))))
          (local.set $table (i32.add (local.get $table) (i32.const 2048)))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br_if $bytes (i32.lt_u (local.get $at) (local.get $last))))
        (local.set $scores (f32x4.splat (call $signScore (local.get $sumA) (local.get $anyA))))
        (local.set $scores (f32x4.replace_lane 1 (local.get $scores) (call $signScore (local.get $sumB) (local.get $anyB))))
        (local.set $scores (f32x4.replace_lane 2 (local.get $scores) (call $signScore (local.get $sumC) (local.get $anyC))))
        (local.set $scores (f32x4.replace_lane 3 (local.get $scores) (call $signScore (local.get $sumD) (local.get $anyD))))
        (local.set $mask (i32x4.bitmask (f32x4.ge (local.get $scores) (f32x4.splat (local.get $least)))))
        (if (local.get $mask)
          (then
            (call $keepFloats
              (local.get $out) (local.get $row) (local.get $end) (local.get $mask) (local.get $scores))))
        (local.set $from (i32.add (local.get $from) (i32.shl (local.get $stride) (i32.const 2))))
        (local.set $row (i32.add (local.get $row) (i32.const 4)))
        (br_if $next (i32.lt_u (i32.load (local.get $out)) (i32.const 1024))))))
    (call $lesser (local.get $row) (local.get $end)))

  (func $signScore (param $sum f64) (param $any i32) (result f32)
    (if (result f32) (local.get $any)
      (then (f32.demote_f64 (f64.max (f64.const -1) (f64.min (f64.const 1) (local.get $sum)))))
      (else (f32.const 0))))
)
