//! Portraits worked by hand: shares, indices, what is hidden, what stands out.

use proptest::prelude::*;

use super::*;

/// Customers of two segments (each a group of its own) by words, as counts: `-` for none.
fn portraits_of(cells: &[(&'static str, [usize; 2])], least: usize) -> Vec<Portrait> {
    let mut words = Vec::new();
    let mut segment_of = Vec::new();
    for (word, counts) in cells {
        for (segment, count) in counts.iter().enumerate() {
            words.extend(std::iter::repeat_n(Some(*word).filter(|word| *word != "-"), *count));
            segment_of.extend(std::iter::repeat_n(segment, *count));
        }
    }
    let table = Table::of_words("region", words.into_iter(), least).unwrap();
    let rows = Rows {
        customers: segment_of.len(),
        assigned: Vec::new(),
        groups: ["a", "b"].map(|key| (GroupKey(key.into()), Vec::new())).into(),
        segments: ["a", "b"].map(|key| (GroupKey(key.into()), Vec::new())).into(),
        segment_of,
        group_of: vec![0, 1],
    };
    let (of_groups, of_segments) = rows.portraits(table, least).unwrap();
    assert_eq!(of_groups, of_segments, "each segment is its group");
    of_segments
}

/// 40 customers in the first segment and 60 in the second, half of all in the north. 30 of 40 are
/// 75 %, half as much again as 50 %; 20 of 60 are a third, two thirds of it. The p-value is
/// checked in `chance`.
#[test]
fn shares_and_indices_by_hand() {
    let portraits = portraits_of(&[("north", [30, 20]), ("south", [10, 40])], 10);
    let near = |a: Option<f64>, b: f64| (a.unwrap() - b).abs() < 1e-9;
    let [first, second] = &portraits[..] else { panic!("two cards") };
    let (north, south) = (&first.cells[0], &first.cells[1]);
    assert_eq!(north.value, Counted::Value { value: "north".into() });
    assert_eq!(north.customers, Count::Exact(30));
    assert!(near(north.share, 0.75) && north.share_of_all == 0.5 && near(north.index, 150.0));
    assert!(near(south.share, 0.25) && near(south.index, 50.0));
    assert!(near(second.cells[0].share, 1.0 / 3.0) && near(second.cells[0].index, 200.0 / 3.0));
    assert!(north.p_value.unwrap() < 1e-4);
    assert_eq!(north.p_value, chance::p_value((30, 40), (50, 100)));
    // A customer table is symmetric: the other segment is as unlikely.
    assert!((north.p_value.unwrap() / second.cells[0].p_value.unwrap() - 1.0).abs() < 1e-9);
    assert_eq!((first.known, first.known_of_all), (Count::Exact(40), 100));
}

/// Shares are of customers with a value: 20 of 40 and 30 of 50, not of 60 and 90.
#[test]
fn customers_without_a_value_are_in_no_share() {
    let portraits = portraits_of(&[("north", [20, 30]), ("south", [20, 20]), ("-", [20, 40])], 10);
    assert_eq!((portraits[0].known, portraits[0].known_of_all), (Count::Exact(40), 90));
    assert_eq!(portraits[0].cells[0].share, Some(0.5));
    assert_eq!(portraits[1].cells[0].share, Some(0.6));
    assert!((portraits[0].cells[0].share_of_all - 50.0 / 90.0).abs() < 1e-12);
}

/// The 4 in the north is small; with two segments its row and column take all four cells of the
/// cheapest square: the west, of 16 and 21, costs less than the south. The south stays. 20
/// customers of the first card are in the north or the west: 0 to 9 and so 11 to 20. Of all 40 in
/// the north 31 to 40 are on the second card, of all 37 in the west 17 to 26.
#[test]
fn a_small_cell_is_hidden_with_its_square() {
    let portraits =
        portraits_of(&[("north", [4, 36]), ("south", [34, 29]), ("west", [16, 21])], 10);
    let customers = |portrait: &Portrait| -> Vec<Count> {
        portrait.cells.iter().map(|cell| cell.customers).collect()
    };
    let between = |from, to| Count::Between { from, to };
    assert_eq!(customers(&portraits[0]), [between(0, 9), Count::Exact(34), between(11, 20)]);
    assert_eq!(customers(&portraits[1]), [between(31, 40), Count::Exact(29), between(17, 26)]);
    for cell in [&portraits[0].cells[0], &portraits[0].cells[2]] {
        assert_eq!((cell.share, cell.index, cell.p_value), (None, None, None));
        assert!(!cell.stands_out);
    }
    let text = serde_json::to_value(&portraits[0].cells[0]).unwrap();
    assert_eq!(text["customers"], serde_json::json!({ "from": 0, "to": 9 }));
    assert_eq!(text["value"], "north");
    let back: Cell = serde_json::from_value(text).unwrap();
    assert_eq!(back, portraits[0].cells[0]);
}

/// Where most have the other value, what is left of the card tells its share well enough: 391 to
/// 400 of 400 customers are 97.75 to 100 %, the middle 98.875 %.
#[test]
fn an_interval_that_is_narrow_is_a_share() {
    let portraits = portraits_of(&[("shop", [395, 60]), ("online", [5, 50])], 10);
    let [online, shop] = &portraits[0].cells[..] else { panic!("two values") };
    assert_eq!(shop.customers, Count::Between { from: 391, to: 400 });
    assert!((shop.share.unwrap() - 0.98875).abs() < 1e-12 && !portraits[0].is_exact(shop));
    assert_eq!((online.customers, online.share), (Count::Between { from: 0, to: 9 }, None));
    // 391 of 400 where 455 of 510 have it is the least unlikely end.
    assert_eq!(shop.p_value, chance::p_value((391, 400), (455, 510)));
}

/// Customers without a value are company. Of the first card 4 are in the north: the number of
/// those with a hidden value is told to a multiple of ten, so 120 to 129 have any value. Of the
/// second, 34 in the north are 30 to 38, as 38 are in all, and 120 to 129 have any.
#[test]
fn customers_without_a_value_protect_a_small_cell() {
    let portraits = portraits_of(&[("north", [4, 34]), ("south", [120, 90]), ("-", [276, 80])], 10);
    let [first, second] = &portraits[..] else { panic!("two cards") };
    assert_eq!(first.known, Count::Between { from: 120, to: 129 });
    assert_eq!(second.known, Count::Between { from: 120, to: 129 });
    assert_eq!(first.cells[0].customers, Count::Between { from: 0, to: 9 });
    assert_eq!(second.cells[0].customers, Count::Between { from: 30, to: 38 });
    assert_eq!(first.cells[1].customers, Count::Exact(120));
    // 120 of 120 to 129.
    let middle = f64::midpoint(120.0 / 129.0, 1.0);
    assert!((first.cells[1].share.unwrap() - middle).abs() < 1e-12);
    assert!(!first.is_exact(&first.cells[1]));
    // Three without a value protect nothing and need no protection.
    let portraits = portraits_of(&[("north", [40, 30]), ("south", [57, 50]), ("-", [3, 20])], 10);
    assert_eq!(portraits[0].known, Count::Exact(97));
    assert!(portraits.iter().all(|own| own.cells.iter().all(|cell| own.is_exact(cell))));
}

/// A segment of 400 customers, 200 of whom are known, in a run whose other segments are small:
/// most values are shown, as what the small cells of the other leave. 17 are 10 to 19, too wide.
#[test]
fn a_segment_that_is_half_known_has_its_portrait() {
    let portraits = portraits_of(
        &[
            ("18-24", [7, 3]),
            ("25-34", [36, 9]),
            ("35-44", [61, 12]),
            ("45-54", [70, 8]),
            ("55-64", [17, 2]),
            ("65+", [9, 11]),
            ("-", [200, 30]),
        ],
        10,
    );
    let shown: Vec<bool> = portraits[0].cells.iter().map(|cell| cell.share.is_some()).collect();
    assert_eq!(shown, [false, true, true, true, false, false]);
    assert_eq!(portraits[0].known, Count::Exact(200));
    // 78 are 45 to 54 in all, of whom the other segment has 0 to 9: 69 to 78.
    assert_eq!(portraits[0].cells[3].customers, Count::Between { from: 69, to: 78 });
    assert!((portraits[0].cells[3].share.unwrap() - 73.5 / 200.0).abs() < 1e-12);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Everything that is published of both tables is the same after customers were moved round
    /// four cells, far enough for each small cell.
    #[test]
    fn small_cells_can_move_and_nothing_published_does(
        mut counts in prop::collection::vec(prop::collection::vec(0_usize..60, 5), 4),
        group_of in prop::sample::select(vec![[0, 1, 2, 3], [0, 0, 1, 1], [0, 1, 1, 2], [0, 0, 0, 0]]),
        missing in any::<bool>(),
    ) {
        for at in 0..5 {
            let sum: usize = counts.iter().map(|row| row[at]).sum();
            counts[3][at] += 10_usize.saturating_sub(sum);
        }
        let table = Table {
            name: "region".into(),
            values: (0..5 - usize::from(missing)).map(|at| Counted::Number { number: at as f64 }).collect(),
            missing,
            column_of: Vec::new(),
            numbers: Vec::new(),
        };
        let Ok(hidden) = suppress::hide(&counts, &group_of, 10, table.without()) else { return Ok(()) };
        let published = |counts: &[Vec<usize>]| {
            let of = |counts: &[Vec<usize>], of: &[Vec<bool>]| {
                portraits(&table, counts, of, &[], 10)
            };
            (of(counts, &hidden.segments), of(&suppress::sums(counts, &group_of), &hidden.groups))
        };
        let truth = published(&counts);
        let groups = suppress::sums(&counts, &group_of);
        // How far each cell is seen to go, by row and column of both tables.
        let mut ends: BTreeMap<(bool, usize, usize), (usize, usize)> = BTreeMap::new();
        for (row, other, at, over) in squares(counts.len(), table.columns()) {
            for by in -10_i64..=10 {
                let mut moved = counts.clone();
                let mut go = |row: usize, at: usize, by: i64| -> bool {
                    let to = moved[row][at] as i64 + by;
                    moved[row][at] = to.max(0) as usize;
                    to >= 0
                };
                let fits = [go(row, at, by), go(row, over, -by), go(other, at, -by), go(other, over, by)];
                if fits.contains(&false) || published(&moved) != truth {
                    continue;
                }
                let of_groups = suppress::sums(&moved, &group_of);
                let group = group_of[row];
                for (key, now) in [
                    ((false, row, at), moved[row][at]),
                    ((true, group, at), of_groups[group][at]),
                ] {
                    let ends = ends.entry(key).or_insert((now, now));
                    *ends = (ends.0.min(now), ends.1.max(now));
                }
            }
        }
        for (of_groups, rows) in [(false, &counts), (true, &groups)] {
            for (row, cells) in rows.iter().enumerate() {
                for at in (0..table.values.len()).filter(|at| (1..10).contains(&cells[*at])) {
                    let column: usize = counts.iter().map(|row| row[at]).sum();
                    let wanted = suppress::width(10).min(cells.iter().sum()).min(column);
                    let (low, high) = ends.get(&(of_groups, row, at)).copied().unwrap_or_default();
                    prop_assert!(high - low >= wanted, "{counts:?} {row} {at}");
                }
            }
        }
    }
}

/// Two rows and two columns, in every order.
fn squares(rows: usize, columns: usize) -> Vec<(usize, usize, usize, usize)> {
    let mut all = Vec::new();
    for (row, other) in (0..rows).flat_map(|row| (0..rows).map(move |other| (row, other))) {
        for (at, over) in (0..columns).flat_map(|at| (0..columns).map(move |over| (at, over))) {
            if row != other && at != over {
                all.push((row, other, at, over));
            }
        }
    }
    all
}

/// The quartiles of a number whose bands are not all shown are not either.
#[test]
fn quartiles_go_with_their_bands() {
    let numbers: Vec<f64> = (0..80).map(f64::from).collect();
    let table = Table::of_numbers("age", &numbers, 10).unwrap();
    let quartiles = |part_of: &[usize]| -> Vec<bool> {
        let counts = counted(&table, part_of, 2);
        let hidden = suppress::hide(&counts, &[0, 0], 10, None).unwrap();
        let own = portraits(&table, &counts, &hidden.segments, part_of, 10);
        own.iter().map(|portrait| portrait.own.is_some()).collect()
    };
    let halves: Vec<usize> = (0..80).map(|row| row % 2).collect();
    assert_eq!(quartiles(&halves), [true, true]);
    let ends: Vec<usize> = (0..80).map(|row| usize::from(row >= 35)).collect();
    assert_eq!(quartiles(&ends), [false, false]);
}
