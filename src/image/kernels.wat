;; The inner loops of picture features on 128-bit vectors: luma, Lanczos rows and columns, a transpose, thumbnail, weighed sums of rows.
;; Assembled into kernels-binary.ts by `node scripts/build-kernels.mjs`. The same arithmetic in plain TypeScript is
;; pillow-resample.ts and cell-average.ts; both give the same bytes.
;; Loads may run past the end of their input, by 64 bytes or three rows: vector-kernels.ts leaves that room.
(module
  (memory (export "memory") 16)

  ;; Luma of $pixels interleaved RGB pixels, 16 at a time: (19595 R + 38470 G + 7471 B + 32768) >> 16.
  ;; 38470 does not fit a signed 16-bit factor, so green is multiplied by 19235 twice: once beside red, once beside blue.
  (func (export "luma") (param $rgb i32) (param $out i32) (param $pixels i32)
    (local $end i32) (local $part i32) (local $bytes v128)
    (local $q0 v128) (local $q1 v128) (local $q2 v128) (local $q3 v128)
    (local.set $end (i32.add (local.get $out) (local.get $pixels)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $out) (local.get $end)))
        (local.set $bytes (v128.load (local.get $rgb)))
        (local.set $q0
          (i32x4.shr_u
            (i32x4.add
              (i32x4.add
                (i32x4.dot_i16x8_s
                  (i8x16.swizzle (local.get $bytes) (v128.const i8x16 0 255 1 255 3 255 4 255 6 255 7 255 9 255 10 255))
                  (v128.const i16x8 19595 19235 19595 19235 19595 19235 19595 19235))
                (i32x4.dot_i16x8_s
                  (i8x16.swizzle (local.get $bytes) (v128.const i8x16 2 255 1 255 5 255 4 255 8 255 7 255 11 255 10 255))
                  (v128.const i16x8 7471 19235 7471 19235 7471 19235 7471 19235)))
              (v128.const i32x4 32768 32768 32768 32768))
            (i32.const 16)))
        (local.set $bytes (v128.load offset=12 (local.get $rgb)))
        (local.set $q1
          (i32x4.shr_u
            (i32x4.add
              (i32x4.add
                (i32x4.dot_i16x8_s
                  (i8x16.swizzle (local.get $bytes) (v128.const i8x16 0 255 1 255 3 255 4 255 6 255 7 255 9 255 10 255))
                  (v128.const i16x8 19595 19235 19595 19235 19595 19235 19595 19235))
                (i32x4.dot_i16x8_s
                  (i8x16.swizzle (local.get $bytes) (v128.const i8x16 2 255 1 255 5 255 4 255 8 255 7 255 11 255 10 255))
                  (v128.const i16x8 7471 19235 7471 19235 7471 19235 7471 19235)))
              (v128.const i32x4 32768 32768 32768 32768))
            (i32.const 16)))
        (local.set $bytes (v128.load offset=24 (local.get $rgb)))
        (local.set $q2
          (i32x4.shr_u
            (i32x4.add
              (i32x4.add
                (i32x4.dot_i16x8_s
                  (i8x16.swizzle (local.get $bytes) (v128.const i8x16 0 255 1 255 3 255 4 255 6 255 7 255 9 255 10 255))
                  (v128.const i16x8 19595 19235 19595 19235 19595 19235 19595 19235))
                (i32x4.dot_i16x8_s
                  (i8x16.swizzle (local.get $bytes) (v128.const i8x16 2 255 1 255 5 255 4 255 8 255 7 255 11 255 10 255))
                  (v128.const i16x8 7471 19235 7471 19235 7471 19235 7471 19235)))
              (v128.const i32x4 32768 32768 32768 32768))
            (i32.const 16)))
        (local.set $bytes (v128.load offset=36 (local.get $rgb)))
        (local.set $q3
          (i32x4.shr_u
            (i32x4.add
              (i32x4.add
                (i32x4.dot_i16x8_s
                  (i8x16.swizzle (local.get $bytes) (v128.const i8x16 0 255 1 255 3 255 4 255 6 255 7 255 9 255 10 255))
                  (v128.const i16x8 19595 19235 19595 19235 19595 19235 19595 19235))
                (i32x4.dot_i16x8_s
                  (i8x16.swizzle (local.get $bytes) (v128.const i8x16 2 255 1 255 5 255 4 255 8 255 7 255 11 255 10 255))
                  (v128.const i16x8 7471 19235 7471 19235 7471 19235 7471 19235)))
              (v128.const i32x4 32768 32768 32768 32768))
            (i32.const 16)))
        (v128.store (local.get $out)
          (i8x16.narrow_i16x8_u
            (i16x8.narrow_i32x4_u (local.get $q0) (local.get $q1))
            (i16x8.narrow_i32x4_u (local.get $q2) (local.get $q3))))
        (local.set $rgb (i32.add (local.get $rgb) (i32.const 48)))
        (local.set $out (i32.add (local.get $out) (i32.const 16)))
        (br $next))))

  ;; Every row of a grey picture filtered to $outputs samples, four rows at a time, stored transposed: [output, $outStride].
  ;; $table: for each output three i32: first sample, groups of 8 taps, address of the weights. Weights of 22 fraction
  ;; bits are split in two: for each group 8 × i16 high parts (weight >> 11), then 8 × i16 low parts (weight & 2047).
  (func (export "lanczosRows")
    (param $source i32) (param $rows i32) (param $length i32)
    (param $table i32) (param $outputs i32) (param $out i32) (param $outStride i32)
    (local $row i32) (local $output i32) (local $entry i32) (local $to i32)
    (local $at i32) (local $weights i32) (local $end i32) (local $length2 i32) (local $length3 i32)
    (local $pixels v128) (local $high v128) (local $low v128)
    (local $high0 v128) (local $low0 v128)
    (local $high1 v128) (local $low1 v128)
    (local $high2 v128) (local $low2 v128)
    (local $high3 v128) (local $low3 v128)
    (local.set $length2 (i32.shl (local.get $length) (i32.const 1)))
    (local.set $length3 (i32.add (local.get $length2) (local.get $length)))
    (block $done
      (loop $nextRows
        (br_if $done (i32.ge_s (local.get $row) (local.get $rows)))
        (local.set $entry (local.get $table))
        (local.set $output (i32.const 0))
        (local.set $to (i32.add (local.get $out) (local.get $row)))
        (loop $nextOutput
          (local.set $at (i32.add (local.get $source) (i32.load (local.get $entry))))
          (local.set $weights (i32.load offset=8 (local.get $entry)))
          (local.set $end
            (i32.add (local.get $weights) (i32.shl (i32.load offset=4 (local.get $entry)) (i32.const 5))))
          (local.set $high0 (v128.const i32x4 0 0 0 0))
          (local.set $low0 (v128.const i32x4 0 0 0 0))
          (local.set $high1 (v128.const i32x4 0 0 0 0))
          (local.set $low1 (v128.const i32x4 0 0 0 0))
          (local.set $high2 (v128.const i32x4 0 0 0 0))
          (local.set $low2 (v128.const i32x4 0 0 0 0))
          (local.set $high3 (v128.const i32x4 0 0 0 0))
          (local.set $low3 (v128.const i32x4 0 0 0 0))
          (loop $nextTaps
            (local.set $high (v128.load (local.get $weights)))
            (local.set $low (v128.load offset=16 (local.get $weights)))
            (local.set $pixels (v128.load8x8_u (local.get $at)))
            (local.set $high0
              (i32x4.add (local.get $high0) (i32x4.dot_i16x8_s (local.get $pixels) (local.get $high))))
            (local.set $low0 (i32x4.add (local.get $low0) (i32x4.dot_i16x8_s (local.get $pixels) (local.get $low))))
            (local.set $pixels (v128.load8x8_u (i32.add (local.get $at) (local.get $length))))
            (local.set $high1
              (i32x4.add (local.get $high1) (i32x4.dot_i16x8_s (local.get $pixels) (local.get $high))))
            (local.set $low1 (i32x4.add (local.get $low1) (i32x4.dot_i16x8_s (local.get $pixels) (local.get $low))))
            (local.set $pixels (v128.load8x8_u (i32.add (local.get $at) (local.get $length2))))
            (local.set $high2
              (i32x4.add (local.get $high2) (i32x4.dot_i16x8_s (local.get $pixels) (local.get $high))))
            (local.set $low2 (i32x4.add (local.get $low2) (i32x4.dot_i16x8_s (local.get $pixels) (local.get $low))))
            (local.set $pixels (v128.load8x8_u (i32.add (local.get $at) (local.get $length3))))
            (local.set $high3
              (i32x4.add (local.get $high3) (i32x4.dot_i16x8_s (local.get $pixels) (local.get $high))))
            (local.set $low3 (i32x4.add (local.get $low3) (i32x4.dot_i16x8_s (local.get $pixels) (local.get $low))))
            (local.set $at (i32.add (local.get $at) (i32.const 8)))
            (local.set $weights (i32.add (local.get $weights) (i32.const 32)))
            (br_if $nextTaps (i32.lt_u (local.get $weights) (local.get $end))))
          ;; Σ high × 2048 + Σ low, then the four lanes of each of the four rows summed into one lane a row.
          (local.set $low0 (i32x4.add (i32x4.shl (local.get $high0) (i32.const 11)) (local.get $low0)))
          (local.set $low1 (i32x4.add (i32x4.shl (local.get $high1) (i32.const 11)) (local.get $low1)))
          (local.set $low2 (i32x4.add (i32x4.shl (local.get $high2) (i32.const 11)) (local.get $low2)))
          (local.set $low3 (i32x4.add (i32x4.shl (local.get $high3) (i32.const 11)) (local.get $low3)))
          (local.set $high0
            (i32x4.add
              (i8x16.shuffle 0 1 2 3 16 17 18 19 8 9 10 11 24 25 26 27 (local.get $low0) (local.get $low1))
              (i8x16.shuffle 4 5 6 7 20 21 22 23 12 13 14 15 28 29 30 31 (local.get $low0) (local.get $low1))))
          (local.set $high1
            (i32x4.add
              (i8x16.shuffle 0 1 2 3 16 17 18 19 8 9 10 11 24 25 26 27 (local.get $low2) (local.get $low3))
              (i8x16.shuffle 4 5 6 7 20 21 22 23 12 13 14 15 28 29 30 31 (local.get $low2) (local.get $low3))))
          (local.set $pixels
            (i32x4.add
              (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $high0) (local.get $high1))
              (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $high0) (local.get $high1))))
          ;; (sum + ½) >> 22, clipped to a byte.
          (local.set $pixels
            (i32x4.shr_s
              (i32x4.add (local.get $pixels) (v128.const i32x4 2097152 2097152 2097152 2097152))
              (i32.const 22)))
          (local.set $pixels (i16x8.narrow_i32x4_s (local.get $pixels) (local.get $pixels)))
          (local.set $pixels (i8x16.narrow_i16x8_u (local.get $pixels) (local.get $pixels)))
          (v128.store32_lane 0 (local.get $to) (local.get $pixels))
          (local.set $entry (i32.add (local.get $entry) (i32.const 12)))
          (local.set $to (i32.add (local.get $to) (local.get $outStride)))
          (local.set $output (i32.add (local.get $output) (i32.const 1)))
          (br_if $nextOutput (i32.lt_s (local.get $output) (local.get $outputs))))
        (local.set $source (i32.add (local.get $source) (i32.shl (local.get $length) (i32.const 2))))
        (local.set $row (i32.add (local.get $row) (i32.const 4)))
        (br $nextRows))))

  ;; Every column of a grey picture filtered to $outputs samples, sixteen columns at a time: [output, $outStride].
  ;; $table: for each output three i32: first line, pairs of taps, address of the weights: for each pair 2 × i16 high parts, then
  ;; 2 × i16 low parts, as those of lanczosRows. Writes up to 15 bytes past the end of a line, before the next line is written.
  (func (export "lanczosLines")
    (param $source i32) (param $stride i32) (param $bytes i32)
    (param $table i32) (param $outputs i32) (param $out i32) (param $outStride i32)
    (local $column i32) (local $at i32) (local $weights i32) (local $end i32) (local $first i32) (local $last i32)
    (local $one v128) (local $other v128) (local $left v128) (local $right v128)
    (local $pixels v128) (local $high v128) (local $low v128)
    (local $high0 v128) (local $low0 v128)
    (local $high1 v128) (local $low1 v128)
    (local $high2 v128) (local $low2 v128)
    (local $high3 v128) (local $low3 v128)
    (local.set $last (i32.add (local.get $table) (i32.mul (local.get $outputs) (i32.const 12))))
    (loop $nextOutput
      (local.set $first (i32.add (local.get $source) (i32.mul (i32.load (local.get $table)) (local.get $stride))))
      (local.set $column (i32.const 0))
      (loop $nextColumns
        (local.set $at (i32.add (local.get $first) (local.get $column)))
        (local.set $weights (i32.load offset=8 (local.get $table)))
        (local.set $end
          (i32.add (local.get $weights) (i32.shl (i32.load offset=4 (local.get $table)) (i32.const 3))))
          (local.set $high0 (v128.const i32x4 0 0 0 0))
          (local.set $low0 (v128.const i32x4 2097152 2097152 2097152 2097152))
          (local.set $high1 (v128.const i32x4 0 0 0 0))
          (local.set $low1 (v128.const i32x4 2097152 2097152 2097152 2097152))
          (local.set $high2 (v128.const i32x4 0 0 0 0))
          (local.set $low2 (v128.const i32x4 2097152 2097152 2097152 2097152))
          (local.set $high3 (v128.const i32x4 0 0 0 0))
          (local.set $low3 (v128.const i32x4 2097152 2097152 2097152 2097152))
          (loop $nextTaps
            (local.set $one (v128.load (local.get $at)))
            (local.set $other (v128.load (i32.add (local.get $at) (local.get $stride))))
            (local.set $left (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $one) (local.get $other)))
            (local.set $right (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (local.get $one) (local.get $other)))
            (local.set $high (v128.load32_splat (local.get $weights)))
            (local.set $low (v128.load32_splat offset=4 (local.get $weights)))
            (local.set $pixels (i16x8.extend_low_i8x16_u (local.get $left)))
            (local.set $high0 (i32x4.add (local.get $high0) (i32x4.dot_i16x8_s (local.get $pixels) (local.get $high))))
            (local.set $low0 (i32x4.add (local.get $low0) (i32x4.dot_i16x8_s (local.get $pixels) (local.get $low))))
            (local.set $pixels (i16x8.extend_high_i8x16_u (local.get $left)))
            (local.set $high1 (i32x4.add (local.get $high1) (i32x4.dot_i16x8_s (local.get $pixels) (local.get $high))))
            (local.set $low1 (i32x4.add (local.get $low1) (i32x4.dot_i16x8_s (local.get $pixels) (local.get $low))))
            (local.set $pixels (i16x8.extend_low_i8x16_u (local.get $right)))
            (local.set $high2 (i32x4.add (local.get $high2) (i32x4.dot_i16x8_s (local.get $pixels) (local.get $high))))
            (local.set $low2 (i32x4.add (local.get $low2) (i32x4.dot_i16x8_s (local.get $pixels) (local.get $low))))
            (local.set $pixels (i16x8.extend_high_i8x16_u (local.get $right)))
            (local.set $high3 (i32x4.add (local.get $high3) (i32x4.dot_i16x8_s (local.get $pixels) (local.get $high))))
            (local.set $low3 (i32x4.add (local.get $low3) (i32x4.dot_i16x8_s (local.get $pixels) (local.get $low))))
            (local.set $at (i32.add (local.get $at) (i32.shl (local.get $stride) (i32.const 1))))
            (local.set $weights (i32.add (local.get $weights) (i32.const 8)))
            (br_if $nextTaps (i32.lt_u (local.get $weights) (local.get $end))))
          (local.set $low0
            (i32x4.shr_s (i32x4.add (i32x4.shl (local.get $high0) (i32.const 11)) (local.get $low0)) (i32.const 22)))
          (local.set $low1
            (i32x4.shr_s (i32x4.add (i32x4.shl (local.get $high1) (i32.const 11)) (local.get $low1)) (i32.const 22)))
          (local.set $low2
            (i32x4.shr_s (i32x4.add (i32x4.shl (local.get $high2) (i32.const 11)) (local.get $low2)) (i32.const 22)))
          (local.set $low3
            (i32x4.shr_s (i32x4.add (i32x4.shl (local.get $high3) (i32.const 11)) (local.get $low3)) (i32.const 22)))
        (v128.store (i32.add (local.get $out) (local.get $column))
          (i8x16.narrow_i16x8_u
            (i16x8.narrow_i32x4_s (local.get $low0) (local.get $low1))
            (i16x8.narrow_i32x4_s (local.get $low2) (local.get $low3))))
        (local.set $column (i32.add (local.get $column) (i32.const 16)))
        (br_if $nextColumns (i32.lt_s (local.get $column) (local.get $bytes))))
      (local.set $out (i32.add (local.get $out) (local.get $outStride)))
      (local.set $table (i32.add (local.get $table) (i32.const 12)))
      (br_if $nextOutput (i32.lt_u (local.get $table) (local.get $last)))))

  ;; [$rows, $length] bytes as [$length, $outStride], four by four; $outStride is a multiple of 4, at least $rows.
  (func (export "transpose")
    (param $source i32) (param $rows i32) (param $length i32) (param $out i32) (param $outStride i32)
    (local $row i32) (local $column i32) (local $at i32) (local $to i32) (local $length2 i32) (local $length3 i32)
    (local $four v128)
    (local.set $length2 (i32.shl (local.get $length) (i32.const 1)))
    (local.set $length3 (i32.add (local.get $length2) (local.get $length)))
    (block $done
      (loop $nextRows
        (br_if $done (i32.ge_s (local.get $row) (local.get $rows)))
        (local.set $at (local.get $source))
        (local.set $to (i32.add (local.get $out) (local.get $row)))
        (local.set $column (i32.const 0))
        (loop $nextColumns
          (local.set $four (v128.load32_zero (local.get $at)))
          (local.set $four
            (v128.load32_lane 1 (i32.add (local.get $at) (local.get $length)) (local.get $four)))
          (local.set $four
            (v128.load32_lane 2 (i32.add (local.get $at) (local.get $length2)) (local.get $four)))
          (local.set $four
            (v128.load32_lane 3 (i32.add (local.get $at) (local.get $length3)) (local.get $four)))
          (local.set $four
            (i8x16.shuffle 0 4 8 12 1 5 9 13 2 6 10 14 3 7 11 15 (local.get $four) (local.get $four)))
          (v128.store32_lane 0 (local.get $to) (local.get $four))
          (local.set $to (i32.add (local.get $to) (local.get $outStride)))
          (v128.store32_lane 1 (local.get $to) (local.get $four))
          (local.set $to (i32.add (local.get $to) (local.get $outStride)))
          (v128.store32_lane 2 (local.get $to) (local.get $four))
          (local.set $to (i32.add (local.get $to) (local.get $outStride)))
          (v128.store32_lane 3 (local.get $to) (local.get $four))
          (local.set $to (i32.add (local.get $to) (local.get $outStride)))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (local.set $column (i32.add (local.get $column) (i32.const 4)))
          (br_if $nextColumns (i32.lt_s (local.get $column) (local.get $length))))
        (local.set $source (i32.add (local.get $source) (i32.shl (local.get $length) (i32.const 2))))
        (local.set $row (i32.add (local.get $row) (i32.const 4)))
        (br $nextRows))))

  ;; A [$rows, $rowBytes] RGB picture averaged over 64 × 64 cells into three planes of 4096 bytes.
  ;; $rowTable, $columnTable: for each of 64 cells three i32: first sample, samples, address of their i32 weights (11
  ;; fraction bits, summing to 2048). $line: room for $rowBytes i32.
  (func (export "thumbnail")
    (param $rgb i32) (param $rowBytes i32) (param $rowTable i32) (param $columnTable i32) (param $line i32) (param $out i32)
    (local $y i32) (local $x i32) (local $entry i32) (local $weights i32) (local $end i32) (local $at i32) (local $sum v128)
    (loop $nextRow
      (call $sumRows
        (i32.add (local.get $rgb) (i32.mul (i32.load (local.get $rowTable)) (local.get $rowBytes)))
        (local.get $rowBytes)
        (i32.load offset=8 (local.get $rowTable))
        (i32.load offset=4 (local.get $rowTable))
        (local.get $line))
      (local.set $entry (local.get $columnTable))
      (local.set $x (i32.const 0))
      (loop $nextColumn
        (local.set $at (i32.add (local.get $line) (i32.mul (i32.load (local.get $entry)) (i32.const 12))))
        (local.set $weights (i32.load offset=8 (local.get $entry)))
        (local.set $end
          (i32.add (local.get $weights) (i32.shl (i32.load offset=4 (local.get $entry)) (i32.const 2))))
        (local.set $sum (v128.const i32x4 2097152 2097152 2097152 0))
        (loop $nextSample
          (local.set $sum
            (i32x4.add
              (local.get $sum)
              (i32x4.mul (v128.load (local.get $at)) (v128.load32_splat (local.get $weights)))))
          (local.set $at (i32.add (local.get $at) (i32.const 12)))
          (local.set $weights (i32.add (local.get $weights) (i32.const 4)))
          (br_if $nextSample (i32.lt_u (local.get $weights) (local.get $end))))
        (local.set $sum (i32x4.shr_s (local.get $sum) (i32.const 22)))
        (i32.store8 (local.get $out) (i32x4.extract_lane 0 (local.get $sum)))
        (i32.store8 offset=4096 (local.get $out) (i32x4.extract_lane 1 (local.get $sum)))
        (i32.store8 offset=8192 (local.get $out) (i32x4.extract_lane 2 (local.get $sum)))
        (local.set $out (i32.add (local.get $out) (i32.const 1)))
        (local.set $entry (i32.add (local.get $entry) (i32.const 12)))
        (local.set $x (i32.add (local.get $x) (i32.const 1)))
        (br_if $nextColumn (i32.lt_s (local.get $x) (i32.const 64))))
      (local.set $rowTable (i32.add (local.get $rowTable) (i32.const 12)))
      (local.set $y (i32.add (local.get $y) (i32.const 1)))
      (br_if $nextRow (i32.lt_s (local.get $y) (i32.const 64)))))

  ;; $count rows of bytes, each times its weight of 16 bits, summed into i32, 16 bytes at a time.
  (func $sumRows (export "sumRows") (param $from i32) (param $rowBytes i32) (param $weights i32) (param $count i32) (param $line i32)
    (local $stop i32) (local $end i32) (local $at i32) (local $weight i32) (local $factor v128)
    (local $bytes v128) (local $half v128)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local.set $stop (i32.add (local.get $from) (local.get $rowBytes)))
    (local.set $end (i32.add (local.get $weights) (i32.shl (local.get $count) (i32.const 2))))
    (loop $nextBytes
      (local.set $s0 (v128.const i32x4 0 0 0 0))
      (local.set $s1 (v128.const i32x4 0 0 0 0))
      (local.set $s2 (v128.const i32x4 0 0 0 0))
      (local.set $s3 (v128.const i32x4 0 0 0 0))
      (local.set $at (local.get $from))
      (local.set $weight (local.get $weights))
      (loop $nextRow
        (local.set $bytes (v128.load (local.get $at)))
        (local.set $factor (v128.load16_splat (local.get $weight)))
        (local.set $half (i16x8.extend_low_i8x16_u (local.get $bytes)))
        (local.set $s0 (i32x4.add (local.get $s0) (i32x4.extmul_low_i16x8_u (local.get $half) (local.get $factor))))
        (local.set $s1 (i32x4.add (local.get $s1) (i32x4.extmul_high_i16x8_u (local.get $half) (local.get $factor))))
        (local.set $half (i16x8.extend_high_i8x16_u (local.get $bytes)))
        (local.set $s2 (i32x4.add (local.get $s2) (i32x4.extmul_low_i16x8_u (local.get $half) (local.get $factor))))
        (local.set $s3 (i32x4.add (local.get $s3) (i32x4.extmul_high_i16x8_u (local.get $half) (local.get $factor))))
        (local.set $at (i32.add (local.get $at) (local.get $rowBytes)))
        (local.set $weight (i32.add (local.get $weight) (i32.const 4)))
        (br_if $nextRow (i32.lt_u (local.get $weight) (local.get $end))))
      (v128.store (local.get $line) (local.get $s0))
      (v128.store offset=16 (local.get $line) (local.get $s1))
      (v128.store offset=32 (local.get $line) (local.get $s2))
      (v128.store offset=48 (local.get $line) (local.get $s3))
      (local.set $line (i32.add (local.get $line) (i32.const 64)))
      (local.set $from (i32.add (local.get $from) (i32.const 16)))
      (br_if $nextBytes (i32.lt_u (local.get $from) (local.get $stop)))))
)
