//! A tile and k centroids on the grid -> the two smallest s and |x|² of each row, by the
//! instructions that add two products at a time: AVX-512 with VNNI, or AVX2.

#[cfg(target_arch = "x86")]
use std::arch::x86::*;
#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::*;

use fearless_simd::prelude::*;
use fearless_simd::{i32x8, i32x16};

use super::{Found, GROUP, Pairs};

fearless_simd::kernel!(
    #[inline]
    pub(super) fn search_512(
        simd: Avx512,
        tile: &[Pairs],
        groups: &[[i32; GROUP]],
        norms: &[[i32; GROUP]],
        index_bits: i32,
        found: &mut Found,
    ) {
        let sums_only = _mm512_set1_epi32(!index_bits);
        let mut best = [_mm512_set1_epi32(i32::MAX); 4];
        let mut second = best;
        let mut index = _mm512_setzero_si512();
        for (group, norms) in groups.chunks_exact(tile.len()).zip(norms) {
            let mut sums = [[_mm512_setzero_si512(); 4]; GROUP];
            for (sums, &norm) in sums.iter_mut().zip(norms) {
                *sums = [_mm512_set1_epi32(norm); 4];
            }
            for (pairs, coordinates) in tile.iter().zip(group) {
                let rows: [__m512i; 4] =
                    std::array::from_fn(|at| i32x16::simd_from(simd, pairs.0[at]).into());
                for (sums, &coordinates) in sums.iter_mut().zip(coordinates) {
                    let coordinates = _mm512_set1_epi32(coordinates);
                    for at in 0..4 {
                        sums[at] = _mm512_dpwssd_epi32(sums[at], rows[at], coordinates);
                    }
                }
            }
            for sums in sums {
                for at in 0..4 {
                    // The bits of the sum, and those of the index in the lowest places.
                    let sum = _mm512_or_si512(_mm512_and_si512(sums[at], sums_only), index);
                    let beaten = _mm512_max_epi32(best[at], sum);
                    second[at] = _mm512_min_epi32(second[at], beaten);
                    best[at] = _mm512_min_epi32(best[at], sum);
                }
                index = _mm512_add_epi32(index, _mm512_set1_epi32(1));
            }
        }
        let mut squares = [_mm512_setzero_si512(); 4];
        for pairs in tile {
            for (square, lanes) in squares.iter_mut().zip(pairs.0) {
                let rows: __m512i = i32x16::simd_from(simd, lanes).into();
                *square = _mm512_dpwssd_epi32(*square, rows, rows);
            }
        }
        for at in 0..4 {
            i32x16::simd_from(simd, best[at]).store_slice(&mut found.best[at]);
            i32x16::simd_from(simd, second[at]).store_slice(&mut found.second[at]);
            i32x16::simd_from(simd, squares[at]).store_slice(&mut found.squares[at]);
        }
    }
);

fearless_simd::kernel!(
    #[inline]
    pub(super) fn search_256(
        simd: Avx2,
        tile: &[Pairs],
        groups: &[[i32; GROUP]],
        norms: &[[i32; GROUP]],
        index_bits: i32,
        found: &mut Found,
    ) {
        let sums_only = _mm256_set1_epi32(!index_bits);
        for quarter in 0..4 {
            let rows = |pairs: &Pairs| -> [__m256i; 2] {
                let halves = pairs.0[quarter].as_chunks::<8>().0;
                std::array::from_fn(|at| i32x8::simd_from(simd, halves[at]).into())
            };
            let mut best = [_mm256_set1_epi32(i32::MAX); 2];
            let mut second = best;
            let mut index = _mm256_setzero_si256();
            for (group, norms) in groups.chunks_exact(tile.len()).zip(norms) {
                let mut sums = [[_mm256_setzero_si256(); 2]; GROUP];
                for (sums, &norm) in sums.iter_mut().zip(norms) {
                    *sums = [_mm256_set1_epi32(norm); 2];
                }
                for (pairs, coordinates) in tile.iter().zip(group) {
                    let rows = rows(pairs);
                    for (sums, &coordinates) in sums.iter_mut().zip(coordinates) {
                        let coordinates = _mm256_set1_epi32(coordinates);
                        for at in 0..2 {
                            let products = _mm256_madd_epi16(rows[at], coordinates);
                            sums[at] = _mm256_add_epi32(sums[at], products);
                        }
                    }
                }
                for sums in sums {
                    for at in 0..2 {
                        let sum = _mm256_or_si256(_mm256_and_si256(sums[at], sums_only), index);
                        let beaten = _mm256_max_epi32(best[at], sum);
                        second[at] = _mm256_min_epi32(second[at], beaten);
                        best[at] = _mm256_min_epi32(best[at], sum);
                    }
                    index = _mm256_add_epi32(index, _mm256_set1_epi32(1));
                }
            }
            let mut squares = [_mm256_setzero_si256(); 2];
            for pairs in tile {
                let rows = rows(pairs);
                for at in 0..2 {
                    squares[at] =
                        _mm256_add_epi32(squares[at], _mm256_madd_epi16(rows[at], rows[at]));
                }
            }
            for at in 0..2 {
                let place = at * 8..at * 8 + 8;
                i32x8::simd_from(simd, best[at])
                    .store_slice(&mut found.best[quarter][place.clone()]);
                i32x8::simd_from(simd, second[at])
                    .store_slice(&mut found.second[quarter][place.clone()]);
                i32x8::simd_from(simd, squares[at]).store_slice(&mut found.squares[quarter][place]);
            }
        }
    }
);
