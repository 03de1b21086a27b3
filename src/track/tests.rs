//! The tracking room from outside: hand-worked pairs of runs, and identities on random ones.

use proptest::prelude::*;

use super::*;
use crate::types::CustomerId;

/// Owned columns of a run; customers `c0000`, `c0001`, … by number.
#[derive(Clone, Debug)]
struct Table {
    customers: Vec<CustomerId>,
    segments: Vec<SegmentId>,
    groups: Vec<GroupKey>,
}

impl Table {
    /// From (customer number, segment) in ascending order; the group is that of the segment
    /// modulo 3.
    fn new(rows: impl IntoIterator<Item = (usize, u32)>) -> Self {
        let (customers, segments): (Vec<_>, Vec<_>) = rows
            .into_iter()
            .map(|(n, s)| (CustomerId::from(format!("c{n:04}").as_str()), SegmentId(s)))
            .unzip();
        let groups = segments.iter().map(|s| GroupKey(format!("g{}", s.0 % 3))).collect();
        Self { customers, segments, groups }
    }

    /// Customers from `start` on: `sizes` of them in each segment, one after the other.
    fn blocks(start: usize, sizes: &[(usize, u32)]) -> Self {
        let segments = sizes.iter().flat_map(|&(size, segment)| std::iter::repeat_n(segment, size));
        Self::new(segments.enumerate().map(|(n, segment)| (start + n, segment)))
    }

    fn view<'a>(&'a self, run: &'a str) -> View<'a> {
        View::new(run, &self.customers, &self.segments, &self.groups).unwrap()
    }

    fn compare(&self, next: &Table) -> Comparison {
        compare(&self.view("a"), &next.view("b"), &CompareParams::default()).unwrap()
    }

    /// Matches a run whose cluster indices are this table's segment numbers.
    fn continued_by(&self, clusters: &Table, k: usize) -> Matching {
        let cluster: Vec<u32> = clusters.segments.iter().map(|s| s.0).collect();
        let next = SegmentId(100);
        let (view, params) = (self.view("a"), MatchParams::default());
        match_segments(Some(&view), &clusters.customers, &cluster, k, next, &params).unwrap()
    }
}

fn ids(numbers: &[u32]) -> Vec<SegmentId> {
    numbers.iter().copied().map(SegmentId).collect()
}

fn survived(segment: u32, overlap: f64) -> Transition {
    Transition::Survived { segment: SegmentId(segment), overlap }
}

#[test]
fn the_first_run_counts_from_the_given_id_largest_first() {
    let table = Table::blocks(0, &[(2, 0), (5, 1), (2, 2)]);
    let cluster: Vec<u32> = table.segments.iter().map(|s| s.0).collect();
    let params = MatchParams::default();
    let matching =
        match_segments(None, &table.customers, &cluster, 3, SegmentId(1), &params).unwrap();
    assert_eq!(matching.lineage, ids(&[2, 1, 3]));
    assert_eq!(matching.next, SegmentId(4));
}

#[test]
fn a_run_against_itself_is_the_identity() {
    let table = Table::blocks(0, &[(5, 1), (7, 2), (3, 9)]);
    let comparison = table.compare(&table);
    assert_eq!(comparison.adjusted_rand_index, Some(1.0));
    assert_eq!(comparison.transitions, [survived(1, 1.0), survived(2, 1.0), survived(9, 1.0)]);
    assert_eq!((comparison.moved_segment, comparison.moved_group), (0, 0));
    assert!(comparison.segment_flows.iter().all(|flow| flow.from == flow.to));
    let one = Table::blocks(0, &[(5, 1)]);
    assert_eq!(one.compare(&one).adjusted_rand_index, Some(1.0), "a single segment");
}

#[test]
fn permuted_clusters_keep_their_ids() {
    let before = Table::blocks(0, &[(5, 3), (7, 5), (3, 9)]);
    let clusters = Table::blocks(0, &[(5, 2), (7, 0), (3, 1)]);
    let matching = before.continued_by(&clusters, 3);
    assert_eq!(matching.lineage, ids(&[5, 9, 3]));
    assert_eq!(matching.next, SegmentId(100));
}

#[test]
fn split_60_40() {
    let before = Table::blocks(0, &[(100, 1), (50, 2)]);
    let clusters = Table::blocks(0, &[(60, 0), (40, 1), (50, 2)]);
    let matching = before.continued_by(&clusters, 3);
    assert_eq!(matching.lineage, ids(&[1, 100, 2]), "the larger part keeps the id");
    let after = Table::blocks(0, &[(60, 1), (40, 100), (50, 2)]);
    let into = vec![(SegmentId(1), 0.6), (SegmentId(100), 0.4)];
    let split = Transition::Split { segment: SegmentId(1), into };
    assert_eq!(before.compare(&after).transitions, [survived(1, 0.6), split, survived(2, 1.0)]);
}

/// The same 60/40, where refits of the month itself dissolve the segment in 6 of 100 resamples.
#[test]
fn a_split_that_resampling_alone_would_produce_is_none() {
    let before = Table::blocks(0, &[(100, 1), (50, 2)]);
    let after = Table::blocks(0, &[(60, 1), (40, 100), (50, 2)]);
    let with = |dissolved| {
        let refits = Refits { jaccard: 0.7, dissolved, resamples: 100 };
        let noise = Noise::from([(SegmentId(1), refits)]);
        let about = Descriptions { noise, ..Descriptions::default() };
        let (a, b, params) = (before.view("a"), after.view("b"), CompareParams::default());
        compare_described(&a, &b, &params, &about).unwrap()
    };
    let noisy = with(0.06);
    let appeared = Transition::Appeared { segment: SegmentId(100), entered: 0.0 };
    assert_eq!(noisy.transitions, [survived(1, 0.6), survived(2, 1.0), appeared]);
    let [told] = noisy.splits.as_slice() else { panic!("one looks like a split") };
    assert_eq!((told.reported, told.refits.unwrap().dissolved), (false, 0.06));
    assert_eq!(told.into, [(SegmentId(1), 0.6), (SegmentId(100), 0.4)]);
    let sure = with(0.05);
    assert!(matches!(sure.transitions[1], Transition::Split { .. }) && sure.splits[0].reported);
    // Where nothing was measured, nothing speaks against it; both are told.
    assert_eq!(before.compare(&after).splits[0].refits, None);
}

#[test]
fn a_split_needs_a_quarter_in_each_part_and_parts_mostly_of_it() {
    let before = Table::blocks(0, &[(100, 1), (50, 2)]);
    let after = Table::blocks(0, &[(76, 1), (24, 100), (50, 2)]);
    let appeared = Transition::Appeared { segment: SegmentId(100), entered: 0.0 };
    let events = before.compare(&after).transitions;
    assert_eq!(events, [survived(1, 0.76), survived(2, 1.0), appeared]);
    let at_bound = Table::blocks(0, &[(75, 1), (25, 100), (50, 2)]);
    let events = before.compare(&at_bound).transitions;
    assert!(matches!(events[1], Transition::Split { .. }));
    // 40 go to a segment that keeps 50 of its own: a movement, not a part.
    let moved = Table::blocks(0, &[(60, 1), (90, 2)]);
    assert_eq!(before.compare(&moved).transitions, [survived(1, 0.6), survived(2, 1.0)]);
}

#[test]
fn absorption_of_two_by_one() {
    let before = Table::blocks(0, &[(30, 1), (70, 2)]);
    let clusters = Table::blocks(0, &[(100, 0)]);
    assert_eq!(before.continued_by(&clusters, 1).lineage, ids(&[2]));
    let after = Table::blocks(0, &[(100, 2)]);
    let absorbed = Transition::Absorbed { segment: SegmentId(1), by: SegmentId(2), overlap: 1.0 };
    assert_eq!(before.compare(&after).transitions, [absorbed, survived(2, 1.0)]);
}

#[test]
fn disappearance_when_all_leave() {
    let before = Table::blocks(0, &[(30, 1), (70, 2)]);
    let after = Table::blocks(30, &[(70, 2)]);
    let comparison = before.compare(&after);
    let gone = Transition::Disappeared { segment: SegmentId(1), left: 1.0 };
    assert_eq!(comparison.transitions, [gone, survived(2, 1.0)]);
    assert_eq!((comparison.leavers, comparison.stayers), (30, 70));
    // The few who stay after most have left do not make it an absorption.
    let few = Table::blocks(20, &[(80, 2)]);
    let gone = Transition::Disappeared { segment: SegmentId(1), left: 20.0 / 30.0 };
    assert_eq!(before.compare(&few).transitions[0], gone);
}

#[test]
fn a_segment_that_is_scattered_disappears() {
    let before = Table::blocks(0, &[(30, 1), (70, 2), (70, 3), (70, 4)]);
    let after = Table::blocks(0, &[(10, 2), (10, 3), (10, 4), (70, 2), (70, 3), (70, 4)]);
    let gone = Transition::Disappeared { segment: SegmentId(1), left: 0.0 };
    assert_eq!(before.compare(&after).transitions[0], gone);
}

#[test]
fn emergence_from_entrants_only() {
    let before = Table::blocks(0, &[(30, 1)]);
    let clusters = Table::blocks(0, &[(30, 0), (20, 1)]);
    let matching = before.continued_by(&clusters, 2);
    assert_eq!((matching.lineage, matching.next), (ids(&[1, 100]), SegmentId(101)));
    let after = Table::blocks(0, &[(30, 1), (20, 100)]);
    let comparison = before.compare(&after);
    let appeared = Transition::Appeared { segment: SegmentId(100), entered: 1.0 };
    assert_eq!(comparison.transitions, [survived(1, 1.0), appeared]);
    assert_eq!(comparison.entrants, 20);
}

#[test]
fn from_five_segments_to_four() {
    let before = Table::blocks(0, &[(20, 1), (20, 2), (20, 3), (10, 4), (30, 5)]);
    let clusters = Table::blocks(0, &[(20, 3), (20, 1), (20, 0), (40, 2)]);
    assert_eq!(before.continued_by(&clusters, 4).lineage, ids(&[3, 2, 5, 1]));
    let after = Table::blocks(0, &[(20, 1), (20, 2), (20, 3), (40, 5)]);
    let comparison = before.compare(&after);
    // Pairs together in both: 3 * 190 + 45 + 435 = 1050; before 1050, after 1350; all 4950.
    let expected = 2.0 * (4950.0 * 1050.0 - 1050.0 * 1350.0)
        / (4950.0 * (1050.0 + 1350.0) - 2.0 * 1050.0 * 1350.0);
    assert!((comparison.adjusted_rand_index.unwrap() - expected).abs() < 1e-15);
    let absorbed = Transition::Absorbed { segment: SegmentId(4), by: SegmentId(5), overlap: 1.0 };
    assert_eq!(comparison.transitions[3], absorbed);
}

#[test]
fn without_stayers_every_id_is_new() {
    let before = Table::blocks(0, &[(3, 1), (2, 2)]);
    let clusters = Table::blocks(50, &[(3, 1), (2, 0)]);
    assert_eq!(before.continued_by(&clusters, 2).lineage, ids(&[101, 100]));
    let comparison = before.compare(&Table::blocks(50, &[(3, 100), (2, 101)]));
    assert_eq!(comparison.adjusted_rand_index, None);
    assert_eq!((comparison.stayers, comparison.entrants, comparison.leavers), (0, 5, 5));
    let empty = Table::blocks(0, &[]);
    assert_eq!(empty.continued_by(&clusters, 2).lineage, ids(&[101, 100]));
    assert_eq!(before.continued_by(&empty, 0).lineage, []);
    assert_eq!(empty.compare(&empty).transitions, []);
}

#[test]
fn a_pair_is_made_at_the_bound_and_not_below() {
    // 3 shared of 10 in either: Jaccard 0.3; 29 of 100 is below.
    let before = Table::blocks(0, &[(3, 1), (7, 2)]);
    let clusters = Table::blocks(0, &[(10, 0)]);
    assert_eq!(before.continued_by(&clusters, 1).lineage, ids(&[2]));
    let before = Table::blocks(0, &[(30, 1), (24, 2), (23, 3), (23, 4)]);
    let whole = Table::blocks(0, &[(100, 0)]);
    assert_eq!(before.continued_by(&whole, 1).lineage, ids(&[1]));
    let before = Table::blocks(0, &[(29, 1), (24, 2), (24, 3), (23, 4)]);
    assert_eq!(before.continued_by(&whole, 1).lineage, ids(&[100]));
}

/// By shared customers S1 would take cluster 1 and S2 would end: 100 against 50 + 45. By
/// similarity both live on: 50/150 + 45/145 against 100/195.
#[test]
fn a_large_segment_does_not_push_a_small_one_aside() {
    let before = Table::blocks(0, &[(150, 1), (45, 2)]);
    let clusters = Table::blocks(0, &[(50, 0), (145, 1)]);
    assert_eq!(before.continued_by(&clusters, 2).lineage, ids(&[1, 2]));
}

/// S01 (near 0) and S02 (near 5) change all their customers: by customers both end, by place both go
/// on; by both, a cluster that is elsewhere is new.
#[test]
fn a_segment_that_keeps_its_place_keeps_its_id() {
    let before = Table::blocks(0, &[(50, 1), (50, 2)]);
    let clusters = Table::blocks(0, &[(50, 1), (50, 0), (20, 2)]);
    let cluster: Vec<u32> = clusters.segments.iter().map(|s| s.0).collect();
    let segments = [(SegmentId(1), vec![0.0, 0.0]), (SegmentId(2), vec![5.0, 5.0])].into();
    let centres =
        Centres { segments, clusters: vec![vec![0.1, 0.0], vec![5.0, 4.9], vec![9.0, -9.0]] };
    let with = |weight: f64| {
        let params = MatchParams { jaccard: 0.3, centroid_weight: weight };
        let (view, next) = (before.view("a"), SegmentId(100));
        match_placed(Some(&view), &clusters.customers, &cluster, 3, next, &params, &centres)
            .unwrap()
    };
    assert_eq!(with(0.0).lineage, ids(&[2, 1, 100]), "who was where");
    assert_eq!(with(0.8).lineage, ids(&[1, 2, 100]), "where they are");
    let pair = with(0.8).matched[0];
    // Nobody is shared; the root mean square of 0.1 and 0 spreads.
    let expected = 0.8 * (-(0.005_f64).sqrt()).exp();
    assert!((pair.similarity - expected).abs() < 1e-12 && pair.jaccard == 0.0);
    let refused = MatchParams { jaccard: 0.3, centroid_weight: 1.1 };
    let error = match_segments(None, &[], &[], 0, SegmentId(1), &refused).unwrap_err();
    assert!(matches!(error, TrackError::Parameter { parameter: "centroid_weight", .. }));
}

#[test]
fn refuses_arguments_that_do_not_fit() {
    let table = Table::blocks(0, &[(3, 1)]);
    let (customers, view, params) = (&table.customers, table.view("a"), MatchParams::default());
    let run = |customers: &[CustomerId], cluster: &[u32], next, params: &MatchParams| {
        match_segments(Some(&view), customers, cluster, 1, SegmentId(next), params).unwrap_err()
    };
    let error = run(customers, &[0, 0], 2, &params);
    assert_eq!(error, TrackError::ClusterLengths { customers: 3, clusters: 2 });
    let error = run(customers, &[0, 1, 0], 2, &params);
    let expected = TrackError::ClusterOutOfRange { customer: "c0001".into(), cluster: 1, k: 1 };
    assert_eq!(error, expected);
    let error = run(customers, &[0, 0, 0], 1, &params);
    assert_eq!(error, TrackError::IdInUse { next: SegmentId(1), highest: SegmentId(1) });
    let twice = [customers[0].clone(), customers[0].clone()];
    let error = run(&twice, &[0, 0], 2, &params);
    assert_eq!(error, TrackError::DuplicateCustomer { customer: "c0000".into() });
    let error = run(customers, &[0, 0, 0], 2, &MatchParams { jaccard: 0.0, ..params });
    assert!(matches!(error, TrackError::Parameter { parameter: "jaccard", .. }));
    let error =
        match_segments(None, customers, &[0; 3], 1, SegmentId(u32::MAX), &params).unwrap_err();
    assert_eq!(error, TrackError::IdsExhausted { last: SegmentId(u32::MAX) });
    let unsorted = [customers[1].clone(), customers[0].clone()];
    let columns = (&table.segments[..2], &table.groups[..2]);
    let error = View::new("a", &unsorted, columns.0, columns.1).unwrap_err();
    let expected = TrackError::NotSorted { run: "a".into(), row: 1, customer: "c0000".into() };
    assert_eq!(error, expected);
    let error = View::new("a", customers, columns.0, columns.1).unwrap_err();
    assert!(matches!(error, TrackError::ViewLengths { customers: 3, segments: 2, .. }));
    for bad in [f64::NAN, 0.0, 1.5] {
        let params = CompareParams { survival: bad, ..CompareParams::default() };
        assert!(compare(&view, &view, &params).is_err());
    }
}

/// Four customers: c0 stays in S01, c1 goes from S01 to S02, c2 leaves S02, c3 enters S02.
#[test]
fn what_moved_is_counted_in_money_before_and_after() {
    let before = Table::new([(0, 1), (1, 1), (2, 2)]);
    let after = Table::new([(0, 1), (1, 2), (3, 2)]);
    let (then, now) = ([10.0, 20.0, 40.0], [11.0, 25.0, 7.0]);
    let clv = [1.0, f64::NAN, 3.0];
    let earlier = before.view("a").worth(Worth { revenue: &then, clv: &[] }).unwrap();
    let later = after.view("b").worth(Worth { revenue: &now, clv: &clv }).unwrap();
    let comparison = compare(&earlier, &later, &CompareParams::default()).unwrap();
    let told: Vec<_> = comparison
        .segment_flows
        .iter()
        .map(|flow| {
            let value = flow.value.unwrap();
            assert_eq!(value.clv_before, None);
            let id = |segment: Option<SegmentId>| segment.map_or(0, |segment| segment.0);
            let money = (value.revenue_before, value.revenue_after, value.clv_after);
            (id(flow.from), id(flow.to), money)
        })
        .collect();
    let expected = [
        (0, 2, (None, Some(7.0), Some(3.0))),
        (1, 1, (Some(10.0), Some(11.0), Some(1.0))),
        (1, 2, (Some(20.0), Some(25.0), Some(0.0))),
        (2, 0, (Some(40.0), None, None)),
    ];
    assert_eq!(told, expected);
    let plain = before.compare(&after);
    assert!(plain.segment_flows.iter().all(|flow| flow.value.is_none()));
    let error = before.view("a").worth(Worth { revenue: &[1.0], clv: &[] }).unwrap_err();
    assert!(matches!(error, TrackError::WorthLengths { customers: 3, values: 1, .. }));
}

#[test]
fn events_are_written_with_their_kind() {
    let json = serde_json::to_string(&survived(3, 0.5)).unwrap();
    assert_eq!(json, r#"{"event":"survived","segment":"S03","overlap":0.5}"#);
}

/// For each of 40 customers: absent, or one of 4 segments, before and after.
fn two_runs() -> impl Strategy<Value = (Table, Table)> {
    let cell = prop::option::weighted(0.8, 0_u32..4);
    prop::collection::vec([cell.clone(), cell], 0..40).prop_map(|rows| {
        let side = |pick: fn(&[Option<u32>; 2]) -> Option<u32>| {
            Table::new(rows.iter().enumerate().filter_map(|(n, row)| Some((n, pick(row)?))))
        };
        (side(|row| row[0]), side(|row| row[1]))
    })
}

proptest! {
    #[test]
    fn flows_and_movements_add_up((before, after) in two_runs()) {
        let comparison = before.compare(&after);
        let sum = |wanted: fn(&Flow<SegmentId>) -> bool| {
            let flows = comparison.segment_flows.iter().filter(|flow| wanted(flow));
            flows.map(|flow| flow.customers).sum::<usize>()
        };
        prop_assert_eq!(sum(|f| f.from.is_some() && f.to.is_some()), comparison.stayers);
        prop_assert_eq!(sum(|f| f.from.is_none()), comparison.entrants);
        prop_assert_eq!(sum(|f| f.to.is_none()), comparison.leavers);
        prop_assert_eq!(
            sum(|f| f.from.is_some() && f.to.is_some() && f.from != f.to),
            comparison.moved_segment
        );
        prop_assert!(comparison.segment_flows.is_sorted_by_key(|f| (f.from, f.to)));
        let groups: usize = comparison.group_flows.iter().map(|flow| flow.customers).sum();
        let all = comparison.stayers + comparison.entrants + comparison.leavers;
        prop_assert_eq!(groups, all);
        for one in &comparison.segments {
            prop_assert_eq!(one.before, one.stayed + one.moved_out + one.left);
            prop_assert_eq!(one.after, one.stayed + one.moved_in + one.entered);
        }
        let before_sum: usize = comparison.segments.iter().map(|one| one.before).sum();
        prop_assert_eq!(before_sum, before.customers.len());
        if let Some(index) = comparison.adjusted_rand_index {
            prop_assert!((-1.0..=1.0).contains(&index));
        }
    }

    #[test]
    fn every_segment_has_an_event((before, after) in two_runs()) {
        let comparison = before.compare(&after);
        let told = |id: SegmentId| comparison.transitions.iter().any(|event| match event {
            Transition::Survived { segment, .. }
            | Transition::Disappeared { segment, .. }
            | Transition::Appeared { segment, .. } => *segment == id,
            Transition::Absorbed { segment, by, .. } => *segment == id || *by == id,
            Transition::Split { segment, into } => {
                *segment == id || into.iter().any(|part| part.0 == id)
            }
        });
        prop_assert!(comparison.segments.iter().all(|one| told(one.segment)));
    }

    #[test]
    fn matching_does_not_see_the_order_of_clusters_or_rows(
        (before, clusters) in two_runs(),
        order in Just([0_u32, 1, 2, 3]).prop_shuffle(),
        keys in prop::collection::vec(any::<u32>(), 40),
    ) {
        let plain = before.continued_by(&clusters, 4);
        let mut shuffled = clusters.clone();
        shuffled.segments.iter_mut().for_each(|s| s.0 = order[s.0 as usize]);
        let mut rows: Vec<usize> = (0..clusters.customers.len()).collect();
        rows.sort_by_key(|&row| keys[row]);
        shuffled.customers = rows.iter().map(|&row| clusters.customers[row].clone()).collect();
        shuffled.segments = rows.iter().map(|&row| shuffled.segments[row]).collect();
        let other = before.continued_by(&shuffled, 4);
        prop_assert_eq!(plain.next, other.next);
        for cluster in 0..4 {
            // Clusters without customers have nothing to be told apart by but their number.
            if clusters.segments.contains(&SegmentId(cluster)) {
                let renumbered = order[cluster as usize] as usize;
                prop_assert_eq!(plain.lineage[cluster as usize], other.lineage[renumbered]);
            }
        }
        let mut distinct = plain.lineage.clone();
        distinct.sort();
        distinct.dedup();
        prop_assert_eq!(distinct.len(), 4);
    }

    /// Against all assignments of up to 4 clusters: none has a larger sum of similarities.
    #[test]
    fn the_assignment_is_the_best((before, clusters) in two_runs()) {
        fn best(row: usize, used: &mut [bool], of: &dyn Fn(usize, usize) -> f64) -> f64 {
            if row == 4 {
                return 0.0;
            }
            let mut most = best(row + 1, used, of);
            for column in 0..4 {
                if !used[column] {
                    used[column] = true;
                    most = most.max(of(row, column) + best(row + 1, used, of));
                    used[column] = false;
                }
            }
            most
        }
        let of = |segment: usize, cluster: usize| {
            let (mut shared, mut either) = (0, 0);
            for joined in join(&before.customers, &clusters.customers) {
                let Joined::Stayer(i, j) = joined else { continue };
                let inside = [
                    before.segments[i].0 as usize == segment,
                    clusters.segments[j].0 as usize == cluster,
                ];
                shared += usize::from(inside == [true, true]);
                either += usize::from(inside != [false, false]);
            }
            let similarity = shared as f64 / either.max(1) as f64;
            if similarity >= 0.3 { similarity } else { 0.0 }
        };
        let matching = before.continued_by(&clusters, 4);
        let ours: f64 = matching.matched.iter().map(|pair| pair.jaccard).sum();
        prop_assert!((ours - best(0, &mut [false; 4], &of)).abs() < 1e-9);
    }
}
