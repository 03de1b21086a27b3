//! Portraits worked by hand: shares, indices, what is hidden, what stands out.

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
    let (of_groups, of_segments) = rows.portraits(&table, least).unwrap();
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
    assert_eq!(north.customers, Count::Shown(30));
    assert!(near(north.share, 0.75) && north.share_of_all == 0.5 && near(north.index, 150.0));
    assert!(near(south.share, 0.25) && near(south.index, 50.0));
    assert!(near(second.cells[0].share, 1.0 / 3.0) && near(second.cells[0].index, 200.0 / 3.0));
    assert!(north.p_value.unwrap() < 1e-4);
    assert_eq!(north.p_value, chance::p_value((30, 40), (50, 100)));
    // A customer table is symmetric: the other segment is as unlikely.
    assert!((north.p_value.unwrap() / second.cells[0].p_value.unwrap() - 1.0).abs() < 1e-9);
    assert_eq!((first.without, first.without_of_all), (None, None));
}

/// Shares are of customers with a value: 20 of 40 and 30 of 50, not of 60 and 90.
#[test]
fn customers_without_a_value_are_in_no_share() {
    let portraits = portraits_of(&[("north", [20, 30]), ("south", [20, 20]), ("-", [20, 40])], 10);
    assert_eq!(portraits[0].without, Some(Count::Shown(20)));
    assert_eq!(portraits[0].without_of_all, Some(60));
    assert_eq!(portraits[0].cells[0].share, Some(0.5));
    assert_eq!(portraits[1].cells[0].share, Some(0.6));
    assert!((portraits[0].cells[0].share_of_all - 50.0 / 90.0).abs() < 1e-12);
}

/// The 4 in the north is small; with two segments its row and column take all four cells of the
/// cheapest square: the west, of 12 and 21, costs less than the south. The south stays.
#[test]
fn a_small_cell_is_hidden_with_its_square() {
    let portraits =
        portraits_of(&[("north", [4, 36]), ("south", [34, 29]), ("west", [12, 21])], 10);
    let customers = |portrait: &Portrait| -> Vec<Count> {
        portrait.cells.iter().map(|cell| cell.customers).collect()
    };
    let (small, withheld) = (Count::Hidden(Why::Small), Count::Hidden(Why::Withheld));
    assert_eq!(customers(&portraits[0]), [small, Count::Shown(34), withheld]);
    assert_eq!(customers(&portraits[1]), [withheld, Count::Shown(29), withheld]);
    let hidden = portraits.iter().flat_map(|own| &own.cells);
    for cell in hidden.filter(|cell| matches!(cell.customers, Count::Hidden(_))) {
        assert_eq!((cell.share, cell.index, cell.p_value), (None, None, None));
        assert!(!cell.stands_out);
    }
    let text = serde_json::to_value(&portraits[0].cells[0]).unwrap();
    assert_eq!(text["customers"], "small");
    assert_eq!(text["value"], "north");
    let back: Cell = serde_json::from_value(text).unwrap();
    assert_eq!(back, portraits[0].cells[0]);
}

/// With 3 without a value in one segment and 20 in the other, the 3 must not come out of shares:
/// where fewer than ten have none, all customers of the card count.
#[test]
fn few_without_a_value_do_not_come_out_of_shares() {
    let portraits = portraits_of(&[("north", [40, 30]), ("south", [57, 50]), ("-", [3, 20])], 10);
    assert_eq!(portraits[0].without, Some(Count::Hidden(Why::Small)));
    for cell in &portraits[0].cells {
        if let (Count::Shown(customers), Some(share)) = (cell.customers, cell.share) {
            assert!((share - customers as f64 / 100.0).abs() < 1e-12);
        }
    }
    // Of the other card the 20 are withheld, and its shares with them.
    assert_eq!(portraits[1].without, Some(Count::Hidden(Why::Withheld)));
    assert!(portraits[1].cells.iter().all(|cell| cell.share.is_none()));
}

/// The quartiles of a number whose bands are not all shown are not either.
#[test]
fn quartiles_go_with_their_bands() {
    let numbers: Vec<f64> = (0..80).map(f64::from).collect();
    let table = Table::of_numbers("age", &numbers, 10).unwrap();
    let quartiles = |part_of: &[usize]| -> Vec<bool> {
        let counts = counted(&table, part_of, 2);
        let hidden = suppress::hide(&counts, &[0, 0], 10, None).unwrap();
        let own = portraits(&table, &counts, (&hidden.segments, hidden.told), part_of, 10);
        own.iter().map(|portrait| portrait.own.is_some()).collect()
    };
    let halves: Vec<usize> = (0..80).map(|row| row % 2).collect();
    assert_eq!(quartiles(&halves), [true, true]);
    let ends: Vec<usize> = (0..80).map(|row| usize::from(row >= 35)).collect();
    assert_eq!(quartiles(&ends), [false, false]);
}
